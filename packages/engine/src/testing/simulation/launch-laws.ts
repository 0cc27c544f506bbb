// Laws of jobs that tasks of other jobs launched (P9, I7).
import { expect } from 'vitest';
import type { JobRow } from '../../board/job.ts';
import { WOKEN_AT } from '../../board/job-board.ts';
import type { MemoryStore } from '../../board/memory-store.ts';
import { RunLoader } from '../../conductor/loading/load-run.ts';
import type { MemoryFlows } from '../../definition/flows/memory-flows.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { planRollback } from '../../run/plan/plan-rollback.ts';
import { dueOf } from '../../run/state/agenda.ts';
import type { Run } from '../../run/state/run.ts';
import { fakeCatalog } from '../flows.ts';
import type { SimulatedWorld } from '../simulated-world.ts';
import type { Launched, SimulatedLaunches } from './simulated-launches.ts';

/** The launched jobs of a simulation, and the effects of the attempts that launched them. */
export interface LaunchesInView {
  readonly launches: SimulatedLaunches;
  readonly store: MemoryStore;
  readonly flows: MemoryFlows;
  readonly world: SimulatedWorld;
}

/** Has the job ended, or does it wait without a time? A paused job does. */
export function isIdle(row: JobRow | undefined): boolean {
  return row?.state === 'COMPLETE' || (row?.state === 'WAITING' && row.wakeAt === null);
}

/** Does the job wait for nothing but jobs that it launched and that need a person? */
export async function waitsForStuck({ launches, store, flows }: LaunchesInView, job: string): Promise<boolean> {
  const row = await store.get(job);
  const children = await Promise.all(launches.all.map(({ job: child, parent }) => (parent === job ? store.get(child) : undefined)));
  const isParked = row?.state === 'WAITING' && row.wakeAt !== null && row.wakeAt !== WOKEN_AT;
  if (!isParked || !children.some((child) => child?.state === 'WAITING' && child.wakeAt === null)) return false;
  const run = await new RunLoader({ flows, logbook: store, typeOf: typesFromCatalog(fakeCatalog) }).load(row);
  const stuck = children.flatMap((child) => (child?.state === 'WAITING' && isIdle(child) ? [child.id] : []));
  return run.atoms.every(({ waiting }, index) => dueOf(run, index) === null || (waiting?.on === 'job' && stuck.includes(waiting.job)));
}

/** P9, I3: what the job launched and what of it still stands, after everything has come to rest. */
export async function checkLaunches(
  view: LaunchesInView,
  { job, run, settled }: { readonly job: string; readonly run: Run; readonly settled: ReadonlySet<string> },
): Promise<void> {
  for (const launched of view.launches.all) {
    if (launched.parent === job && !settled.has(`${launched.atom} ${launched.attempt}`)) await checkLaunched(view, launched, run);
  }
  await checkAwaited(view, run);
}

async function checkLaunched({ store, world }: LaunchesInView, { job, parent, atom, attempt }: Launched, run: Run): Promise<void> {
  const child = await store.get(job);
  const isUndone = child?.run === 'REVERTED';
  const launcher = run.atoms.find((one) => one.atom === atom);
  const plan = planRollback(run, { kind: 'job' });
  const shown = [...plan.waves.flat(), ...plan.standing, ...run.standing, ...run.keptBefore].map((one) => one.atom);
  const isKnown = (launcher?.attempt === attempt && shown.includes(atom)) || shown.includes(`${atom} (attempt ${attempt})`);
  const stands = `${job}, launched by ${atom} in attempt ${attempt}, is ${child?.run}; the attempt is ${launcher?.attempt}, ${launcher?.state}`;
  if (world.stands({ job: parent, atom, attempt }) && !isUndone && plan.blocked === null)
    expect(isKnown, `I3, P9: ${stands}, and is not in the plan of ${parent}`).toBe(true);
  const acts = (await store.read(job, { after: 0, limit: 100_000 })).filter(({ actor }) => actor.kind === 'person');
  if (acts.length > 0) return;
  if (run.state === 'REVERTED') expect(child?.run, `P9: ${job} of a job that is undone`).toBe('REVERTED');
  if (launcher?.state === 'SUCCESS' && launcher.attempt === attempt) expect(child?.run, `P9: ${stands}`).toBe('SUCCESS');
}

/** I7: no job waits for a job that has ended. */
async function checkAwaited({ store }: LaunchesInView, run: Run): Promise<void> {
  if (run.job !== 'WAITING' || (run.state !== 'RUNNING' && run.state !== 'REVERTING')) return;
  for (const { atom, state, waiting } of run.atoms) {
    if (waiting?.on !== 'job' || (state !== 'WAITING' && state !== 'REVERTING')) continue;
    const awaited = await store.get(waiting.job);
    expect(awaited?.state, `I7: ${atom} waits for ${waiting.job}, which is ${awaited?.run}`).not.toBe('COMPLETE');
  }
}
