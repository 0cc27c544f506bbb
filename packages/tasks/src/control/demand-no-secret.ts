import { TaskError } from '@windlass/engine/task';

/** The logbook of the other job keeps the value, so the value must not contain a secret. `name`: the found secret, if any. */
export function demandNoSecret(name: string | null, shown: string): void {
  if (name === null) return;
  throw new TaskError(
    'SECRET_STORED',
    `${shown} would hold the secret "${name}", and the logbook of that job keeps them. Bind the secret inside that flow instead.`,
    { nothingDone: true },
  );
}
