// Laws of the jobs of several conductors, checked after everything has come to rest: the logbook, the row, the checkpoint and the
// ledger of each job agree with one another, and with the real effects of its tasks.
import { expect } from 'vitest';
import type { JobRow } from '../../board/job.ts';
import { RunLoader } from '../../conductor/loading/load-run.ts';
import { checkpointChecker } from '../../conductor/rebuild-row.ts';
import { jobChangeOf } from '../../conductor/job-change.ts';
import type { MemoryCheckpoints } from '../../logbook/checkpoint-store.ts';
import type { Entry } from '../../logbook/entry.ts';
import type { ActAnswer } from '../../operator.ts';
import { heldResources } from '../../resources/resource-changes.ts';
import type { Act } from '../../run/acts/act.ts';
import { typesFromCatalog } from '../../run/graph/atom-types.ts';
import { planRollback } from '../../run/plan/plan-rollback.ts';
import type { Run } from '../../run/state/run.ts';
import { fakeCatalog } from '../flows.ts';
import { settledByPeople } from './settled-by-people.ts';
import { type LaunchesInView, checkLaunches, waitsForStuck } from './launch-laws.ts';

/** An act and its answer; undefined without an answer yet. */
export interface Asked {
  readonly job: string;
  readonly act: Act;
  readonly by: string;
  answer?: ActAnswer;
}

interface JobsInView extends LaunchesInView {
  readonly jobs: readonly string[];
  readonly checkpoints: MemoryCheckpoints;
  readonly asked: readonly Asked[];
}

interface JobAtRest {
  readonly row: JobRow;
  readonly run: Run;
  readonly entries: readonly Entry[];
}

const typeOf = typesFromCatalog(fakeCatalog);

export async function checkJobs(view: JobsInView): Promise<void> {
  const { flows, store, world } = view;
  expect(world.broken, 'I3, I6').toEqual([]);
  for (const job of view.jobs) {
    const row = await store.get(job);
    if (row === undefined) throw new Error(`There is no job ${job}.`);
    const entries = await store.read(job, { after: 0, limit: 1_000_000 });
    const run = await new RunLoader({ flows, logbook: store, typeOf }).load(row);
    checkActs(view, job, entries);
    await checkCaches(view, { row, run, entries });
    checkEntries(entries);
    if (row.attention === 'dead_lettered') {
      expect(row.attentionNote, 'J4: given up for an error of the store').toContain('conductors in a row');
      continue;
    }
    await checkRest(view, { row, run, entries });
    checkEffects(view, { row, run, entries });
    await checkLaunches(view, { job, run, settled: settledByPeople(entries) });
  }
}

/** L2, B7: an act answered *done* is an entry, a refused one is not; the answer names an entry. */
function checkActs({ asked }: JobsInView, job: string, entries: readonly Entry[]): void {
  for (const { act, by, answer } of asked.filter((one) => one.job === job)) {
    const made = entries.filter((entry) => entry.kind === 'ACT' && entry.reason === act.reason);
    if (answer === undefined) continue;
    expect(made.length, `B7: ${act.kind} was answered ${answer.kind}`).toBe(answer.kind === 'done' ? 1 : 0);
    if (answer.kind !== 'done') continue;
    expect(made[0]).toMatchObject({ act: act.kind, actor: { id: by } });
    expect(answer.number, 'A2: the answer names an entry that is durable').toBeGreaterThanOrEqual(made[0]?.number ?? Infinity);
    expect(answer.number).toBeLessThanOrEqual(entries.length);
  }
}

/** The row, the checkpoint and the ledger are those of the logbook. */
async function checkCaches({ flows, store, checkpoints }: JobsInView, { row, run }: JobAtRest): Promise<void> {
  const { wakeAt, ...shown } = jobChangeOf(run);
  // I4, L1. The board itself writes the entry of a dead letter.
  if (row.attention !== 'dead_lettered') {
    expect(row, 'I4').toMatchObject(shown);
    // The board measures the wait by its own clock.
    expect(row.wakeAt === null, 'I4: parked until a time').toBe(wakeAt === null);
  }
  const checked = checkpointChecker({ flows, logbook: store, typeOf, checkpoints });
  expect(await checked(row), 'L1: a checkpoint that is not the replay').toBeNull();
  const { rows } = await store.resources({ job: row.id, limit: 10_000 });
  const held = ({ atom, stage, since }: { atom: string; stage: string; since: number }) => `${atom} ${stage} ${since}`;
  expect(rows.map(held).sort(), 'Z2').toEqual(heldResources(run).map(held).sort());
}

function checkEntries(entries: readonly Entry[]): void {
  const tokens = entries.map(({ token }) => token);
  expect(tokens, 'I6: a token that goes back').toEqual([...tokens].sort((a, b) => a - b));
  const times = entries.map(({ time }) => time);
  expect(times, 'L1: an entry that is older than the one before').toEqual([...times].sort((a, b) => a - b));
  const results = entries.flatMap((entry) => (entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : []));
  expect(new Set(results).size, 'I5: a result recorded twice').toBe(results.length);
}

const ENDED = ['SUCCESS', 'REVERTED', 'PARTIALLY_REVERTED'];
const RESTING = ['RUNNING', 'REVERTING', 'SUSPENDING', 'SUSPENDED', 'FAILURE', 'REVERT_FAILED'];

async function checkRest(view: JobsInView, { row, run }: JobAtRest): Promise<void> {
  expect(row.state === 'COMPLETE' ? ENDED : RESTING, `I7: ${row.state} and ${run.state}`).toContain(run.state);
  const isPaused = run.state === 'SUSPENDED';
  if (row.state === 'WAITING' && !isPaused && !(await waitsForStuck(view, row.id)))
    expect(row.attention, `I7: ${run.state} waits for nothing named`).not.toBeNull();
}

/** A success, or a state in which an effect may be left. */
const STANDING = ['SUCCESS', 'FAILURE', 'REVERT_FAILURE', 'IGNORE'];

/** I3: every standing effect is accounted for, and every success of a job that succeeded stands. */
function checkEffects({ world }: JobsInView, { row, run, entries }: JobAtRest): void {
  const kept = new Set(
    entries.flatMap((entry) => (entry.kind === 'MARK' && entry.mark === 'KEPT' ? [`${entry.atom} ${entry.attempt}`] : [])),
  );
  const settled = settledByPeople(entries);
  const planned = new Set(planRollback(run, { kind: 'job' }).waves.flatMap((wave) => wave.map(({ atom }) => atom)));
  for (const [key, { atom: address, attempt }] of world.standing) {
    if (settled.has(`${address} ${attempt}`)) continue;
    if (!key.startsWith(`${row.id}/`)) continue;
    const atom = run.atoms.find((one) => one.atom === address);
    const effects = atom && run.flow.atomByAddress.get(address)?.type?.effects.kind;
    if (effects !== 'reversible') continue;
    // A launched job stands while its launcher waits for it.
    const isAwaited = row.state === 'WAITING' && atom?.waiting?.on === 'job';
    // A revert in its back-off rests when the run is held.
    const isAsleep = atom?.state === 'REVERTING' && atom.notBefore > 0 && planned.has(address);
    const isKnown = atom !== undefined && (STANDING.includes(atom.state) || isAwaited || isAsleep || atom.inDoubt !== null);
    const accounted = kept.has(`${address} ${attempt}`) || (atom?.attempt === attempt && (isKnown || run.state === 'SUSPENDED'));
    const stands = `${address} ${attempt} stands and is ${atom?.state} in attempt ${atom?.attempt}, the run ${run.state}`;
    expect(accounted, `I3: ${stands}`).toBe(true);
  }
  if (run.state !== 'SUCCESS') return;
  const missing = run.atoms.filter(({ atom, attempt, state }, index) => {
    const isTask = run.flow.atoms[index]?.kind === 'task' && run.flow.atoms[index]?.type?.waits === null;
    return isTask && state === 'SUCCESS' && !settled.has(`${atom} ${attempt}`) && !world.standing.has(`${row.id}/${atom}/${attempt}`);
  });
  expect(missing, 'I3: successes that do not stand').toEqual([]);
}
