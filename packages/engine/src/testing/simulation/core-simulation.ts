// One random run of the core: a flow, the answers of its calls, acts, times and deaths of conductors are all random.
import { type Lots, type Size, drawFlow, lots } from '../draw-flow.ts';
import type { Act } from '../../run/acts/act.ts';
import type { Run } from '../../run/state/run.ts';
import type { RollbackChoice } from '../../run/plan/rollback-choice.ts';
import { planRollback } from '../../run/plan/plan-rollback.ts';
import { type OpenPlan, drawAct, drawChoice } from './draw-act.ts';
import { type Fate, SimulatedJob, ana, bo } from './simulated-job.ts';

/** Parameters of a random run; a failing run is shrunk by reducing them. */
export interface Scene extends Size {
  readonly seed: number;
  readonly steps: number;
}

/** A simulation of the core. */
export class CoreSimulation {
  readonly job: SimulatedJob;
  readonly #draw: Lots;
  readonly #plans: OpenPlan[] = [];
  /** Probability that a conductor dies. */
  readonly #deadly: number;
  failing: number;

  constructor(size: Scene) {
    const draw = lots(size.seed);
    this.#draw = draw;
    this.failing = draw.chance(0.6) ? 0.15 : 0;
    this.#deadly = draw.pick([0, 0.01, 0.03, 0.1]);
    this.job = new SimulatedJob(drawFlow(draw, size), {
      parallel: draw.pick([1, 2, 1_000]),
      entries: draw.pick([2, 7, 2_000, 2_000]),
      fails: ({ call: { kind } }) =>
        kind === 'probe' ? draw.chance(0.3) : draw.chance(kind === 'apply' ? this.failing : this.failing * 1.5),
      happens: () => draw.chance(0.5),
      livesOn: () => draw.chance(0.3),
    });
    this.job.claim();
  }

  step(): void {
    const { job } = this;
    const draw = this.#draw;
    const lot = draw.below(100);
    job.pass(draw.pick([0, 0, 1, 1, 2]));
    if (job.isInterrupted && draw.chance(0.7)) job.fire(this.#fate());
    else if (lot < 12 || (lot < 40 && this.#times().length > 0)) this.#act();
    else if (lot < 16) this.#plans.push(this.#look());
    else if (lot < 18) this.#changeTime();
    else if (lot < 19) this.#endChild();
    else if (lot < 20 && job.isDriven) job.restoreTwin();
    else if (!job.isDriven) this.#takeUp(lot);
    else if (draw.chance(this.#deadly)) job.die();
    else if (lot < 85 && job.flights.length > 0) this.#fly();
    else this.#time();
  }

  /** Time passes, or the clock is set. */
  #changeTime(): void {
    const draw = this.#draw;
    if (draw.chance(0.6)) this.job.pass(draw.pick([10, 1_000, 6_000, 70_000]));
    else this.job.machine.setClock(draw.pick([-3_600_000, -40_000, 40_000, 3_600_000]));
  }

  #fate(): Fate {
    const draw = this.#draw;
    return draw.chance(this.#deadly) ? draw.pick(['dies before the commit', 'dies after the commit']) : 'carried out';
  }

  /** Opens a plan, which a person may confirm much later. */
  #look(): OpenPlan {
    return this.#open(drawChoice(this.#draw, this.job.run));
  }

  #open(choice: RollbackChoice): OpenPlan {
    const plan = planRollback(this.job.run, choice);
    this.job.laws.seen(plan);
    return { choice, hash: plan.hash };
  }

  #act(): void {
    const { job } = this;
    const draw = this.#draw;
    if (job.run.job === 'CLAIMED' && !job.isDriven) return;
    if (draw.chance(0.4)) this.#goToATime();
    const plans = draw.chance(0.7) ? [this.#look()] : this.#plans;
    job.act({ act: drawAct(draw, job.run, plans), by: draw.pick([ana, ana, bo]) }, this.#fate());
  }

  /** Moves the clock to just before, at, or after a time that the run waits for. */
  #goToATime(): void {
    const { job } = this;
    const times = this.#times();
    if (times.length > 0) job.passTo(this.#draw.pick(times) + this.#draw.pick([-1, 0, 0, 1, 60_000]));
  }

  /** The times of waits and back-offs, which a run at rest keeps, and its deadline. */
  #times(): number[] {
    const { atoms, flow, runningSince, job } = this.job.run;
    if (job === 'COMPLETE') return [];
    const times = atoms.flatMap(({ state, waiting, notBefore }) => {
      if (state === 'WAITING') return waiting?.until ?? [];
      return (state === 'RETRYING' || state === 'REVERTING') && notBefore > 0 ? [notBefore] : [];
    });
    const limit = flow.definition.timeLimitMs;
    return limit === undefined || runningSince === null ? times : [...times, runningSince + limit];
  }

  /** A conductor claims the job: it was offered, its time came, or it was claimed without need. */
  #takeUp(lot: number): void {
    const { run } = this.job;
    if (run.job === 'COMPLETE') return;
    if (run.job === 'WAITING') {
      if (run.wakeAt === null || lot < 25) {
        if (lot < 30) this.job.claim(undefined, this.#fate());
        return;
      }
      this.job.passTo(run.wakeAt);
    }
    this.job.claim(undefined, this.#fate());
  }

  /** A call takes effect, or its answer arrives; in any order. */
  #fly(): void {
    const { job } = this;
    if (job.stray.length > 0 && this.#draw.chance(0.3)) job.perform(this.#draw.pick(job.stray));
    const flight = this.#draw.pick(job.flights);
    if (flight.outcome === null) job.perform(flight);
    if (this.#draw.chance(0.7)) job.answer(flight, this.#fate());
  }

  /** The timer fires: at its time, late, too early, or twice. */
  #time(): void {
    const { job } = this;
    const draw = this.#draw;
    if (job.wakeAt === null) return;
    if (draw.chance(0.8)) job.passTo(job.wakeAt);
    job.fire(this.#fate());
    if (job.isDriven && draw.chance(0.1)) job.fire('carried out');
  }

  #endChild(): void {
    const { job } = this;
    const waiting = job.run.atoms.flatMap(({ waiting: on }) => (on?.on === 'job' ? [on.job] : []));
    if (waiting.length > 0) job.childEnded(this.#draw.pick(waiting));
  }

  /** Without further faults and acts, the run ends or needs a person. */
  finish(): void {
    this.failing = 0;
    goToRest(this.job);
  }
}

/** Claims, answers and fires until the run has ended or needs a person. */
export function goToRest(job: SimulatedJob): void {
  for (let turn = 0; turn < 2_000; turn += 1) {
    const { run } = job;
    const [flight] = job.flights;
    for (const { waiting } of run.atoms) if (waiting?.on === 'job') job.ended.add(waiting.job);
    if (!job.isDriven) {
      if (run.job === 'COMPLETE' || (run.job === 'WAITING' && run.wakeAt === null)) return;
      if (run.job === 'WAITING') job.passTo(run.wakeAt ?? 0);
      job.claim();
    } else if (flight !== undefined) {
      job.perform(flight);
      job.answer(flight, 'carried out');
    } else {
      job.passTo(job.wakeAt ?? 0);
      job.fire('carried out');
    }
  }
  throw new Error('I7: it does not come to an end');
}

/** R7, B5: a person can roll back the run from any state at rest. */
export function takeBack(job: SimulatedJob, draw: Lots): void {
  for (let turn = 0; turn < 100; turn += 1) {
    const act = actTowardsRollback(draw, job.run);
    if (act === null) return;
    if (act.kind === 'ROLL_BACK') job.laws.seen(planRollback(job.run, act.choice));
    const refusal = job.act({ act, by: ana }, 'carried out');
    if (refusal !== null) throw new Error(`R7: a person can take it back, but ${act.kind} is refused: ${refusal}`);
    goToRest(job);
  }
  throw new Error(`R7: a person cannot take it back: the run stays ${job.run.state}`);
}

/** The act that rolls back a run at rest; null when there is nothing left to undo. */
function actTowardsRollback(draw: Lots, run: Run): Act | null {
  const inDoubt = run.atoms.find((atom) => atom.inDoubt !== null);
  if (inDoubt !== undefined) return { kind: 'SETTLE_DOUBT', reason: 'looked', atom: inDoubt.atom, answer: { kind: 'failed' } };
  switch (run.state) {
    case 'RUNNING':
    case 'REVERTING':
      return { kind: 'SUSPEND', reason: '' };
    case 'REVERT_FAILED': {
      const failed = run.atoms.find(({ state, kept }) => state === 'REVERT_FAILURE' && kept === null);
      return { kind: draw.pick(['RETRY_REVERT', 'MARK_REVERTED', 'KEEP']), reason: 'settled', atom: failed?.atom ?? 'none' };
    }
    case 'SUSPENDED':
    case 'SUCCESS':
    case 'FAILURE': {
      const choice = { kind: 'job' } as const;
      const plan = planRollback(run, choice);
      return plan.waves.length === 0 && plan.controls.length === 0 ? null : { kind: 'ROLL_BACK', reason: '', choice, hash: plan.hash };
    }
    case 'PENDING':
    case 'SUSPENDING':
    case 'REVERTED':
    case 'PARTIALLY_REVERTED':
      return null;
  }
}

/** Runs and checks one random run. Throws when a law is broken. */
export function simulateRun(scene: Scene): void {
  const simulation = new CoreSimulation(scene);
  for (let step = 0; step < scene.steps; step += 1) simulation.step();
  simulation.finish();
  takeBack(simulation.job, lots(scene.seed));
}
