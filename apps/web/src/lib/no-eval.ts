// The page's security policy forbids making code from text. zod would try once and fail; this setting prevents the attempt
// and its report in the browser's console. Imported before any module that makes schemas.
import { config } from 'zod';

config({ jitless: true });
