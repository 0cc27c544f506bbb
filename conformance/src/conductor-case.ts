// The outcome of a job that a conductor carries out: a flow that succeeds, one that fails and is
// reverted, one whose revert fails, or one that no conductor can carry out.
import { flowDefinitionSchema } from '@windlass/engine/definition';
import { LEASE_MS, MOST_RECLAIMS, type TaskRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { type JobRow, typesFromCatalog } from '@windlass/engine/run';
import { MemoryFlows, MemoryStore, fakeCatalog, flow, linear, orderOf, task } from '@windlass/engine/testing';
import { type Labelled, NotRunnable } from './case.ts';

const KNOWN: ReadonlySet<string> = new Set(['events', 'jobs left', 'flow state', 'job state']);
const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
const MOST_WAIT = 5_000;

export async function runConductorCase(labels: readonly Labelled[]): Promise<string[]> {
  const unknown = labels.find(([label]) => !KNOWN.has(label));
  if (unknown !== undefined) throw new NotRunnable(`unknown fact of a conductor: ${unknown[0]}`);
  const facts = new Map(labels);
  const events = facts.get('events');
  const isAbandoned = Array.isArray(events) && events.at(-1) === 'job_abandoned';
  if (isAbandoned) return loseConductors();
  switch (facts.get('flow state')) {
    case 'SUCCESS':
      return conduct([], { state: 'COMPLETE', run: 'SUCCESS', attention: null });
    case 'REVERTED':
      return conduct(['apply'], { state: 'COMPLETE', run: 'REVERTED', attention: null });
    case 'FAILURE':
      return conduct(['apply', 'revert'], { state: 'WAITING', run: 'REVERT_FAILED', attention: 'revert_failed' });
    default:
      throw new NotRunnable(`unknown end of a conductor's flow: ${String(facts.get('flow state'))}`);
  }
}

/** Has a conductor carry out a flow in which such calls fail. Whatever became of it, the job is on record and not offered again. */
async function conduct(failing: readonly string[], wanted: Partial<JobRow>): Promise<string[]> {
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const definition = flowDefinitionSchema.parse(flow(linear('root', [task('a')])));
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const failure = { code: 'FAILED', message: 'it failed' };
  const runner: TaskRunner = {
    run: async ({ kind }) => (failing.includes(kind) ? { kind: 'failed', failure } : { kind: 'done', output: {} }),
  };
  const typeOf = typesFromCatalog(fakeCatalog);
  const conductor = startConductor({
    board: store,
    logbook: store,
    flows,
    typeOf,
    runner,
    clock: systemClock,
    conductor: { id: 'c1', name: 'c1' },
  });
  try {
    const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
    if (posted.kind !== 'posted') return ['the job was not posted'];
    const row = await settled(store, posted.job);
    const offered = await store.claim('c2', 5, Date.now() + 2 * LEASE_MS);
    return [...differencesOf(row, wanted), ...(offered.length === 0 ? [] : ['the job is offered again'])];
  } finally {
    await conductor.stop(50);
  }
}

async function settled(store: MemoryStore, job: string): Promise<JobRow | undefined> {
  for (const until = Date.now() + MOST_WAIT; Date.now() < until; ) {
    const row = await store.get(job);
    if (row !== undefined && row.state !== 'UNCLAIMED' && row.state !== 'CLAIMED') return row;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return store.get(job);
}

/** Conductors are lost with the job one after the other; then it stands under attention. */
async function loseConductors(): Promise<string[]> {
  const store = new MemoryStore();
  const { job } = await store.post(orderOf(), 0);
  let now = 0;
  for (let lost = 0; lost <= MOST_RECLAIMS; lost += 1) {
    const claims = await store.claim(`c${lost}`, 1, now);
    if (claims.length === 0) return [`after ${lost} lost conductors the job was not offered again`];
    now += LEASE_MS;
  }
  const offered = await store.claim('last', 1, now);
  const found = differencesOf(await store.get(job), { state: 'WAITING', attention: 'dead_lettered' });
  return [...found, ...(offered.length === 0 ? [] : ['the job is offered for ever'])];
}

function differencesOf(row: JobRow | undefined, wanted: Partial<JobRow>): string[] {
  return Object.entries(wanted).flatMap(([field, value]) => {
    const found = row?.[field as keyof JobRow];
    return found === value ? [] : [`${field} of the job: ${String(found)} instead of ${String(value)}`];
  });
}
