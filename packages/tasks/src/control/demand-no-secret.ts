import { TaskError } from '@windlass/engine/task';

/** Another job's logbook keeps the value, so a secret must not stand in it. `name` is that of the secret found, if one was. */
export function demandNoSecret(name: string | null, shown: string): void {
  if (name === null) return;
  throw new TaskError(
    'SECRET_STORED',
    `${shown} would hold the secret "${name}", and the logbook of that job keeps them. Bind the secret inside that flow instead.`,
    { nothingDone: true },
  );
}
