/** SQL for the hash of a record with a column `body`, chained to that hash of the one before: chain/chain-hash.ts as PostgreSQL says it. */
export function chainedTo(before: string): string {
  return `substring(sha256(convert_to(coalesce(encode(${before}, 'hex'), '') || body, 'UTF8')) FROM 1 FOR 16)`;
}
