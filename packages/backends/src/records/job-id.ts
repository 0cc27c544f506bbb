// The names of jobs.
import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** `job_` and 12 characters of base 32 without look-alikes: 60 random bits. */
export function newJobId(): string {
  return `job_${Array.from(randomBytes(12), (byte) => ALPHABET[byte % 32]).join('')}`;
}
