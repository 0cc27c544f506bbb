/** A listener has thrown: said on standard error, as nobody waits for its answer. */
export function warnOf(thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
}
