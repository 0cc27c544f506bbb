// The common part of most workloads: an open store, a published flow, jobs of it, a conductor, and the moment when
// all of them are over.
import { hostname } from 'node:os';
import type { FlowDefinition } from '@windlass/engine/definition';
import { type Conductor, inProcessRunner, type JobCommit, type LogbookStore, startConductor, systemClock } from '@windlass/engine/ports';
import { ENGINE_ACTOR, type JobOrder, type JobState, typesFromCatalog } from '@windlass/engine/run';
import { benchCatalog, type Witness } from './flows.ts';
import type { OpenStore } from './bench-store.ts';

// As long as a server's own, as it is stored with every entry.
const CONDUCTOR = `${hostname()}-${process.pid}`;
const nobody: Witness = { applying() {}, reverting() {} };

/** Publishes `definition`; returns the order for a job of it. */
export async function orderFor(store: OpenStore, definition: FlowDefinition): Promise<JobOrder> {
  const draft = await store.flows.create(definition, ENGINE_ACTOR, 0);
  await store.flows.publish({ flow: draft.id, revision: draft.revision, note: '' }, ENGINE_ACTOR, 0);
  return { flow: draft.id, version: 1, flowName: definition.name, inputs: {}, priority: 0, actor: ENGINE_ACTOR, key: null };
}

/** Posts `count` jobs, `inFlight` of them at a time. */
export async function postMany(store: OpenStore, order: JobOrder, { count, inFlight }: { count: number; inFlight: number }): Promise<void> {
  let posted = 0;
  const post = async () => {
    while (posted < count) {
      posted += 1;
      await store.board.post(order, Date.now());
    }
  };
  await Promise.all(Array.from({ length: inFlight }, post));
}

/** Drives the jobs on the board until `jobs` of them are over, through the whole engine as a server has it. */
export async function driveUntil(
  store: OpenStore,
  {
    jobs,
    capacity,
    witness,
    onState,
  }: { jobs: number; capacity: number; witness?: Witness; onState?: (job: string, state: JobState) => void },
): Promise<Conductor> {
  let conductor: Conductor | undefined;
  await new Promise<void>((resolve, reject) => {
    const logbook = tellingOfEnds(store.logbook, endOf(jobs, resolve), onState);
    conductor = conductorOn({ ...store, logbook }, { capacity, witness, onTrouble: reject });
  });
  if (conductor === undefined) throw new Error('The conductor did not start.');
  return conductor;
}

/** A conductor on the store as a server has it, started. */
export function conductorOn(
  { board, flows, logbook, checkpoints }: Omit<OpenStore, 'close'>,
  {
    capacity,
    witness = nobody,
    onTrouble,
  }: { readonly capacity: number; readonly witness?: Witness | undefined; readonly onTrouble: (trouble: Error) => void },
): Conductor {
  return startConductor({
    ...{ board, flows, logbook, capacity },
    ...(checkpoints === undefined ? {} : { checkpoints }),
    typeOf: typesFromCatalog(benchCatalog),
    runner: inProcessRunner({ catalog: benchCatalog, world: witness, secrets: { resolve: async () => undefined }, log: () => {} }),
    clock: systemClock,
    conductor: { id: CONDUCTOR, name: CONDUCTOR },
    onTrouble: (job, cause) => onTrouble(new Error(`Trouble with ${job}`, { cause })),
  });
}

function endOf(jobs: number, resolve: () => void): () => void {
  let left = jobs;
  return () => {
    left -= 1;
    if (left === 0) resolve();
  };
}

/** The same logbook; calls `ended` for each job whose end is durable. Asking the board over and over costs CPU. */
function tellingOfEnds(logbook: LogbookStore, ended: () => void, onState?: (job: string, state: JobState) => void): LogbookStore {
  return {
    async commit(commit: JobCommit) {
      const outcome = await logbook.commit(commit);
      if (outcome === 'committed' && commit.change) onState?.(commit.job, commit.change.state);
      if (outcome === 'committed' && commit.change?.state === 'COMPLETE') ended();
      return outcome;
    },
    read: (job, range) => logbook.read(job, range),
    readBack: (job, range) => logbook.readBack(job, range),
    follow: (job, listener) => logbook.follow(job, listener),
  };
}
