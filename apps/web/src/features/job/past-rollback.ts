// The last rollback that was confirmed by a person, out of the logbook: its plan is made anew from the entries before it,
// as a plan is a pure function of them, and set beside what had come of it before anything went forward again.
import { type ActEntry, type Entry, type RollbackPlan, type Run, planRollback, rollbackChoiceSchema } from '@windlass/engine/run';

export interface PastRollback {
  readonly act: ActEntry;
  readonly plan: RollbackPlan;
  /** The run as the rollback left it, or as it is now. */
  readonly after: Run;
}

/** The act that confirmed it; undefined where none is among these entries. */
export function lastRollback(entries: readonly Entry[]): ActEntry | undefined {
  return entries.findLast((entry): entry is ActEntry => entry.kind === 'ACT' && entry.act === 'ROLL_BACK');
}

/** Null when the logbook does not say what was chosen. */
export async function pastRollback(
  entries: readonly Entry[],
  { act, runAt }: { readonly act: ActEntry; readonly runAt: (number: number) => Promise<Run | null> },
): Promise<PastRollback | null> {
  const choice = rollbackChoiceSchema.safeParse(act.data?.['choice']);
  const forward = entries.find((entry) => entry.number > act.number && entry.kind === 'RUN' && entry.data?.again !== undefined);
  const before = await runAt(act.number - 1);
  const after = await runAt(forward === undefined ? (entries.at(-1)?.number ?? act.number) : forward.number - 1);
  if (!choice.success || before === null || after === null) return null;
  return { act, plan: planRollback(before, choice.data), after };
}
