// Launching: which orders may be posted, and what is posted for them.
import type { JobOrder } from '../board/job.ts';
import type { JobBoard } from '../board/job-board.ts';
import { unsearchedInputs } from '../board/search/searched-inputs.ts';
import { checkInputs } from '../definition/check-inputs.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import { whyNotLaunchable } from '../definition/flows/launchable.ts';
import { targeted } from '../definition/targeted.ts';
import { EngineError } from '../errors.ts';
import type { LaunchAnswer, Operator } from '../operator.ts';

/** Largest number of jobs that may launch one another in a row (P9). */
const MOST_DEPTH = 20;

interface Stores {
  readonly board: Pick<JobBoard, 'byKey' | 'get' | 'post'>;
  readonly flows: FlowStore;
}

/** Posts the job of the order, or says which inputs are invalid; throws what `Operator.launch` throws. */
export async function launchJob(stores: Stores, order: Parameters<Operator['launch']>[0], now: () => number): Promise<LaunchAnswer> {
  const { board, flows } = stores;
  const why = await whyNotLaunched(stores, order);
  if (why !== null) {
    // The launch is repeated with the same key (J1).
    const known = order.key === null ? undefined : await board.byKey(order.key);
    if (known !== undefined) return { kind: 'posted', job: known, fresh: false };
    throw why;
  }
  const definition = await flows.getVersion(order.flow, order.version);
  const checked = checkInputs(definition.inputs, order.inputs);
  if (checked.kind === 'invalid') return checked;
  // Throws for an unknown item before anything is posted.
  if (order.target !== undefined) targeted(definition, order.target);
  const posted = await board.post(
    { ...order, flowName: definition.name, inputs: checked.inputs, unsearched: unsearchedInputs(definition.inputs) },
    now(),
  );
  return { kind: 'posted', ...posted };
}

async function whyNotLaunched({ board, flows }: Stores, { flow, parent }: Pick<JobOrder, 'flow' | 'parent'>): Promise<EngineError | null> {
  const why = await whyNotLaunchable(flows, { flow });
  if (why !== null) return why;
  const depth = parent === undefined ? 0 : ((await board.get(parent.job))?.depth ?? 0) + 1;
  if (depth <= MOST_DEPTH) return null;
  return new EngineError(
    'LAUNCH_TOO_DEEP',
    `${depth} jobs launched one another before this launch; at most ${MOST_DEPTH} may. A flow that launches itself never ends.`,
  );
}
