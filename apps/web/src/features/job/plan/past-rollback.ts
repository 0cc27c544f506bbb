// The last rollback that a person confirmed, from the logbook: its plan is made again from the entries before it,
// because a plan is a pure function of them, and compared with the outcome before the run went forward again.
import { type ActEntry, type Entry, type RollbackPlan, type Run, planRollback, rollbackChoiceSchema } from '@windlass/engine/run';

export interface PastRollback {
  readonly act: ActEntry;
  readonly plan: RollbackPlan;
  /** The run as the rollback left it, or as it is now. */
  readonly after: Run;
}

/** The act that confirmed it; undefined when it is not among these entries. */
export function lastRollback(entries: readonly Entry[]): ActEntry | undefined {
  return entries.findLast((entry): entry is ActEntry => entry.kind === 'ACT' && entry.act === 'ROLL_BACK');
}

/** Null when the logbook does not hold the choice. */
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
