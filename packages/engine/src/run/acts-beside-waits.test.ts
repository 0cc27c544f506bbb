// Every act beside every wait, before, at and after its time, in every state of the run in which that wait can stand. The
// laws of a run are checked after each turn (testing/simulation/run-laws.ts); then the run ends, or a person takes it back.
import { describe, expect, it } from 'vitest';
import { type Item, retrySchema, taskItemSchema } from '../definition/schema.ts';
import { lots } from '../testing/draw-flow.ts';
import { flow, linear, task, unordered } from '../testing/flows.ts';
import { goToRest, takeBack } from '../testing/simulation/core-simulation.ts';
import { SimulatedJob, ana } from '../testing/simulation/simulated-job.ts';
import type { Act } from './acts/act.ts';
import { planRollback } from './plan/plan-rollback.ts';
import type { RollbackChoice } from './plan/rollback-choice.ts';
import type { RunState } from '../states.ts';

const policy = { attempts: 3, delayMs: 5_000 };
const WAITS: Record<string, Item> = {
  'a delay': task('w', { type: 'pause' }),
  'an approval': task('w', { type: 'ask', parameters: { then: 'approve' } }),
  'a signal': task('w', { type: 'listen', parameters: { then: 'go_on' } }),
  'a signal that fails': task('w', { type: 'listen', parameters: { then: 'fail' } }),
  'a launched job': task('w', { type: 'launch' }),
  'the delay of a retry': taskItemSchema.parse({
    ...task('w'),
    retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 3 }, delayMs: 5_000 }),
  }),
  'the back-off of a revert': task('w', { revertPolicy: policy }),
};

/** A job with the wait `w` and the task `next` after it, beside `a`, `slow`, and `b`, which fails if it is told to. */
class Scene {
  readonly job: SimulatedJob;
  readonly failing = new Map<string, number>();

  constructor(wait: Item) {
    const items = [
      linear('first', [task('a', { revertPolicy: { attempts: 1, delayMs: 0 } }), task('z')]),
      linear('second', [wait, task('next')]),
      task('b'),
      task('slow'),
    ];
    this.job = new SimulatedJob(flow(unordered('f', items), { onFailure: 'hold' }), {
      parallel: 10,
      happens: () => true,
      fails: ({ call: { kind, atom } }) => {
        const left = this.failing.get(`${kind} ${atom}`) ?? 0;
        this.failing.set(`${kind} ${atom}`, left - 1);
        return left > 0;
      },
    });
  }

  /** Calls under way are answered, except those of these atoms. */
  answer(...except: string[]): this {
    const { job } = this;
    for (;;) {
      const flight = job.flights.find(({ call }) => !except.includes(call.atom));
      if (flight === undefined) return this;
      job.perform(flight);
      job.answer(flight, 'carried out');
    }
  }

  act(act: Act): string | null {
    return this.job.act({ act, by: ana }, 'carried out');
  }

  /** Pauses; a job that is claimed for it looks once more at the job that it waits for. */
  suspend(): this {
    this.act(suspend);
    return this.answer();
  }

  rollBack(choice: RollbackChoice): this {
    const plan = planRollback(this.job.run, choice);
    this.job.laws.seen(plan);
    expect(this.act({ kind: 'ROLL_BACK', reason: '', choice, hash: plan.hash })).toBeNull();
    return this;
  }

  /** The time of the wait; null if it does not stand. */
  get due(): number | null {
    const { atoms } = this.job.run;
    const times = atoms.flatMap(({ atom, state, waiting, notBefore }) => {
      if (atom !== 'w' && atom !== 'r') return [];
      if (state === 'WAITING') return waiting?.until ?? [];
      return (state === 'RETRYING' || state === 'REVERTING') && notBefore > 0 ? [notBefore] : [];
    });
    return times[0] ?? null;
  }
}

const suspend = { kind: 'SUSPEND', reason: '' } as const;
const ONLY_A: RollbackChoice = { kind: 'atoms', atoms: ['a'], leaveOut: [] };

/** By name, the ways in which a run comes to a state. */
const STATES: Record<string, readonly [state: RunState, (scene: Scene) => void]> = {
  'RUNNING, driven': ['RUNNING', (scene) => scene.answer('slow')],
  'RUNNING, parked': ['RUNNING', (scene) => scene.answer()],
  SUSPENDING: ['SUSPENDING', (scene) => scene.answer('slow').act(suspend)],
  SUSPENDED: ['SUSPENDED', (scene) => scene.answer().suspend()],
  'FAILURE, held': [
    'FAILURE',
    (scene) => {
      scene.failing.set('apply b', 1);
      scene.answer();
    },
  ],
  'FAILURE, by a cancel': [
    'FAILURE',
    (scene) => {
      scene.answer().act({ kind: 'CANCEL', reason: 'enough', then: 'hold' });
      scene.answer();
    },
  ],
  'REVERTING something else': [
    'REVERTING',
    (scene) => {
      scene.answer().suspend().rollBack(ONLY_A);
    },
  ],
  'PARTIALLY_REVERTED beside it': [
    'PARTIALLY_REVERTED',
    (scene) => {
      scene.answer().suspend().rollBack(ONLY_A).answer();
    },
  ],
  'REVERT_FAILED beside it': [
    'REVERT_FAILED',
    (scene) => {
      scene.failing.set('revert a', 1);
      scene.answer().suspend().rollBack(ONLY_A).answer();
    },
  ],
  'REVERTING it, driven': ['REVERTING', (scene) => windBack(scene).answer('slow')],
  'REVERTING it, parked': ['REVERTING', (scene) => windBack(scene).answer()],
  'SUSPENDING its rollback': ['SUSPENDING', (scene) => windBack(scene).answer('slow').act(suspend)],
  'SUSPENDED in its rollback': ['SUSPENDED', (scene) => windBack(scene).answer().suspend()],
};

function windBack(scene: Scene): Scene {
  scene.failing.set('revert w', 1);
  scene.answer();
  if (scene.job.run.state === 'RUNNING') scene.suspend();
  return scene.rollBack({ kind: 'job' });
}

const choice = { kind: 'job' } as const;
const failed = { reason: 'settled', atom: 'w' };

/** Each act, of a person who saw the job before the time of the wait. */
const ACTS: Record<string, (hash: string, scene: Scene) => Act> = {
  SUSPEND: () => suspend,
  RESUME: () => ({ kind: 'RESUME', reason: '' }),
  'CANCEL with a rollback': () => ({ kind: 'CANCEL', reason: 'enough', then: 'revert' }),
  'CANCEL and hold': () => ({ kind: 'CANCEL', reason: 'enough', then: 'hold' }),
  'ROLL_BACK as planned before': (hash) => ({ kind: 'ROLL_BACK', reason: '', choice, hash }),
  'ROLL_BACK as planned now': (_, { job }) => {
    const plan = planRollback(job.run, choice);
    job.laws.seen(plan);
    return { kind: 'ROLL_BACK', reason: '', choice, hash: plan.hash };
  },
  APPLY_AGAIN: () => ({ kind: 'APPLY_AGAIN', reason: '', parameters: {} }),
  RETRY_FAILED: () => ({ kind: 'RETRY_FAILED', reason: '', parameters: {} }),
  SKIP_FAILED: () => ({ kind: 'SKIP_FAILED', reason: 'skip', atom: 'b', output: { id: 'skipped' } }),
  RETRY_REVERT: () => ({ kind: 'RETRY_REVERT', ...failed }),
  'RETRY_REVERT of another': () => ({ kind: 'RETRY_REVERT', reason: '', atom: 'a' }),
  MARK_REVERTED: () => ({ kind: 'MARK_REVERTED', ...failed }),
  'MARK_REVERTED of another': () => ({ kind: 'MARK_REVERTED', reason: 'by hand', atom: 'a' }),
  KEEP: () => ({ kind: 'KEEP', ...failed }),
  'KEEP of another': () => ({ kind: 'KEEP', reason: 'it stays', atom: 'a' }),
  SETTLE_DOUBT: () => ({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'w', answer: { kind: 'failed' } }),
  'ANSWER_APPROVAL, yes': () => ({ kind: 'ANSWER_APPROVAL', reason: 'seen', atom: 'w', approved: true }),
  'ANSWER_APPROVAL, no': () => ({ kind: 'ANSWER_APPROVAL', reason: 'seen', atom: 'w', approved: false }),
  SIGNAL: () => ({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 }),
};

const TIMES = { before: -1, at: 0, after: 60_000 };

function sceneOf(wait: string, state: string): Scene {
  const scene = new Scene(WAITS[wait] as Item);
  if (wait === 'the delay of a retry') scene.failing.set('apply w', 1);
  scene.job.claim();
  const [wanted, come] = STATES[state] as (typeof STATES)[string];
  come(scene);
  if (scene.due !== null) expect(scene.job.run.state).toBe(wanted);
  return scene;
}

const BACK_OFF = 'the back-off of a revert';
/** The states of a rollback in which a revert waits to be tried again; every other wait stands in the other states. */
const IN_ITS_ROLLBACK = Object.keys(STATES).slice(-4);
const isPossible = (wait: string, state: string) => (wait === BACK_OFF) === IN_ITS_ROLLBACK.includes(state);
const scenes = Object.keys(WAITS).flatMap((wait) =>
  Object.keys(STATES).flatMap((state) => (isPossible(wait, state) ? [[wait, state] as const] : [])),
);

/** The answer if the parked job was claimed at that time, and took up what was due, before the act came. */
function answerAfterClaim(wait: string, state: string, { now, act }: { readonly now: number; readonly act: Act }) {
  const scene = sceneOf(wait, state);
  const { job } = scene;
  if (job.run.job !== 'WAITING') return undefined;
  if (act.kind === 'ROLL_BACK') job.laws.seen(planRollback(job.run, choice));
  job.passTo(now);
  const before = job.run.state;
  job.claim();
  // A run that would come to rest with the wait can still be paused by an act that claims it.
  if (job.run.state !== before) return undefined;
  return scene.act(act) === null ? 'done' : 'refused';
}

describe.each(scenes)('B7, I7: beside %s, the run %s', (wait, state) => {
  it.each(Object.entries(TIMES))('every act %s its time', (_, by) => {
    for (const actOf of Object.values(ACTS)) {
      const scene = sceneOf(wait, state);
      const { job, due } = scene;
      if (due === null) throw new Error('There is no such wait.');
      const opened = planRollback(job.run, choice);
      job.laws.seen(opened);
      if (job.isDriven) job.restoreTwin();
      job.passTo(due + by);
      const act = actOf(opened.hash, scene);
      const asAfterClaim = by === 0 ? answerAfterClaim(wait, state, { now: job.now, act }) : undefined;
      const answer = scene.act(act) === null ? 'done' : 'refused';
      if (asAfterClaim !== undefined) expect(answer, `B7: ${act.kind} that claims the job`).toBe(asAfterClaim);
      scene.failing.clear();
      goToRest(job);
      takeBack(job, lots(1));
      expect(job.isDriven, job.run.state).toBe(false);
    }
  });
});
