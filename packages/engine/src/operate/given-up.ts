// What is known of a job that was given up (SEMANTICS J4), and which ways out are open beside trying it again.
import type { JobRow } from '../board/job.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import type { Operator } from '../operator.ts';
import { itemNames } from './item-names.ts';

export interface GivenUp {
  /** Tasks that were being applied or reverted when the last conductor was lost with the job. */
  readonly underWay: readonly { readonly atom: string; readonly name: string }[];
  /** May it be cancelled, and rolled back by a plan? Neither while its logbook cannot be read. */
  readonly mayCancel: boolean;
  readonly mayRollBack: boolean;
}

const NOTHING: GivenUp = { underWay: [], mayCancel: false, mayRollBack: false };

/** Null for a job that was not given up. */
export async function givenUpOf(
  { operator, flows }: { readonly operator: Pick<Operator, 'snapshot' | 'plan'>; readonly flows: Pick<FlowStore, 'getVersion'> },
  job: Pick<JobRow, 'id' | 'flow' | 'version' | 'attention'>,
): Promise<GivenUp | null> {
  if (job.attention !== 'dead_lettered') return null;
  const [snapshot, plan, definition] = await Promise.all([
    operator.snapshot(job.id).catch(() => null),
    operator.plan(job.id, { kind: 'job' }).catch(() => null),
    flows.getVersion(job.flow, job.version).catch(() => null),
  ]);
  if (snapshot === null) return NOTHING;
  const nameOf = itemNames(definition);
  const underWay = snapshot.atoms.flatMap(({ atom, state, notBefore }) =>
    state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0) ? [{ atom, name: nameOf(atom) }] : [],
  );
  const { state, resumeTo } = snapshot;
  const isStopping = (state === 'SUSPENDING' || state === 'SUSPENDED') && resumeTo === 'RUNNING';
  return { underWay, mayCancel: state === 'PENDING' || state === 'RUNNING' || isStopping, mayRollBack: plan?.blocked === null };
}
