// The hash that chains a record to the one before it (records/chain-hash.ts), computed by PostgreSQL, which knows the record before.

/** SQL of the 16 bytes; `before` is the hash of the record before, or NULL, and `body` the record's own. */
export function chained(before: string, body: string): string {
  return `substring(sha256(convert_to(coalesce(encode(${before}, 'hex'), '') || ${body}, 'UTF8')) FOR 16)`;
}
