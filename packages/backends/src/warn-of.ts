/** Reports an error of a listener on standard error: no caller waits for a listener. */
export function warnOf(thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
}
