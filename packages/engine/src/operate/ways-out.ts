// A dead letter (J4): the tasks that were under way, and the ways out beside trying it again.
import type { JobRow } from '../board/job.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import { ifReadable, isPermanent, isUnreadable } from '../logbook/unreadable.ts';
import type { Operator } from '../operator.ts';
import { whyNotCancelled } from '../run/acts/refuse.ts';
import type { RunSnapshot } from '../run/state/snapshot/snapshot.ts';
import { itemNames } from './item-names.ts';

/**
 * The readable part of a dead letter: its run; only the entries of its logbook, because a flow version is absent; or only its row,
 * because the logbook cannot be read.
 */
export type Readable = 'run' | 'entries' | 'row';

export interface WaysOut {
  readonly readable: Readable;
  /** Tasks that were being applied or reverted when the last conductor was lost with the job. */
  readonly underWay: readonly { readonly atom: string; readonly name: string }[];
  /** May it be cancelled, and rolled back by a plan? Neither while its run cannot be read. */
  readonly mayCancel: boolean;
  readonly mayRollBack: boolean;
}

/** Null for a job that is no dead letter. Throws the errors of the store. */
export async function waysOutOf(
  { operator, flows }: { readonly operator: Pick<Operator, 'snapshot' | 'plan'>; readonly flows: Pick<FlowStore, 'getVersion'> },
  job: Pick<JobRow, 'id' | 'flow' | 'version' | 'attention'>,
): Promise<WaysOut | null> {
  if (job.attention !== 'dead_lettered') return null;
  const [snapshot, mayRollBack, definition] = await Promise.all([
    readRun(operator, job.id),
    isPlanOpen(operator, job.id),
    ifReadable(flows.getVersion(job.flow, job.version)),
  ]);
  if (typeof snapshot === 'string') return { readable: snapshot, underWay: [], mayCancel: false, mayRollBack: false };
  const nameOf = itemNames(definition);
  const underWay = snapshot.atoms.flatMap(({ atom, state, notBefore }) =>
    state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0) ? [{ atom, name: nameOf(atom) }] : [],
  );
  return { readable: 'run', underWay, mayCancel: whyNotCancelled(snapshot, 'revert') === null, mayRollBack };
}

/** The state of the run, or the part that can be read although the run never can. Throws the errors of the store. */
async function readRun(operator: Pick<Operator, 'snapshot'>, job: string): Promise<RunSnapshot | Exclude<Readable, 'run'>> {
  try {
    return await operator.snapshot(job);
  } catch (thrown) {
    if (isUnreadable(thrown)) return 'row';
    if (isPermanent(thrown)) return 'entries';
    throw thrown;
  }
}

async function isPlanOpen(operator: Pick<Operator, 'plan'>, job: string): Promise<boolean> {
  try {
    return (await operator.plan(job, { kind: 'job' })).blocked === null;
  } catch (thrown) {
    // A defect of the engine may have made the job a dead letter, and then it stops a plan too.
    if (isPermanent(thrown) || thrown instanceof TypeError || thrown instanceof RangeError) return false;
    throw thrown;
  }
}
