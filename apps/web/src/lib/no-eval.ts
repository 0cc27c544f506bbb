// The page's security policy lets no code be made from text. zod would try once and find out; this spares it the try,
// and the browser's console a report of it. Imported before anything that makes schemas.
import { config } from 'zod';

config({ jitless: true });
