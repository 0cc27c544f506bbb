// Input fields that several HTTP tasks have.
import { z } from 'zod';

export const headers = z.record(z.string(), z.string()).default({});

export const timeoutMs = z.int().min(100).max(600_000).default(30_000);
