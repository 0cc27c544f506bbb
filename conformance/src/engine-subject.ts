// The engine under a case: its pure core, with this file in the place of conductor and person, and World in that of tasks.
import { type FlowDefinition, type Json, isJsonObject, targeted, validateDefinition } from '@windlass/engine/definition';
import { compileFlow, decide, emptyRun, planRollback, refusalOf, replay, typesFromCatalog } from '@windlass/engine/run';
import { TestRun } from '@windlass/engine/testing';
import { NotRunnable, type Step } from './case.ts';
import { partOf } from './conduct.ts';
import { type Prepared, prepare } from './definition.ts';
import { edgesOf } from './edges.ts';
import { presetEntries } from './preset-run.ts';
import { type Presets, takePreset } from './presets.ts';
import { type Awaited, type Plan, STOPPERS, type StepOutcome, type Subject, awaitedBy, demandKnown, yieldsBefore } from './subject.ts';
import { Trace } from './trace.ts';
import { type Answered, World, eventOf } from './world.ts';

/** Problems that keep a drawing from being published, though a run of it has a meaning that a case may be about. */
const ONLY_ADVICE: ReadonlySet<string> = new Set(['EMPTY', 'BINDING_MAY_BE_IGNORED']);

export class EngineSubject implements Subject {
  readonly #plan: Plan;
  readonly #prepared: Prepared;
  readonly #world: World;
  readonly #definition: FlowDefinition | null;
  readonly #problems: readonly string[];
  readonly #trace: Trace;
  #test: TestRun | null = null;
  #anew = false;
  #presets: Presets | null = null;
  #answered: Answered | null = null;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#prepared = prepare(plan);
    this.#world = new World(this.#prepared, plan.launched.graph);
    const { definition, problems } = validateLaunched(this.#prepared);
    this.#definition = definition;
    this.#problems = problems.flatMap(({ severity, code }) => (severity === 'error' && !ONLY_ADVICE.has(code) ? [code] : []));
    const scripted = plan.graph.nodes.flatMap(({ atom }) =>
      atom?.kind === 'retry' && atom.strategy.kind === 'scripted' ? [atom.name] : [],
    );
    this.#trace = new Trace(this.#prepared.names, new Set(scripted));
  }

  perform(step: Step): StepOutcome {
    this.#trace.events.length = 0;
    this.#trace.calls.length = 0;
    switch (step.op) {
      case 'build':
      case 'validate':
        demandKnown(step, []);
        return this.#seen();
      case 'compile':
        demandKnown(step, []);
        return {
          ...this.#seen(),
          edges: this.#problems.length === 0 ? edgesOf(this.#compiled(), this.#prepared.names, this.#plan.graph) : null,
        };
      case 'run':
      case 'run_iter':
      case 'crash_run':
        demandKnown(step, ['fresh_engine', 'flow', 'suspend_on', ...STOPPERS]);
        if (this.#problems.length === 0) this.#run(step);
        return this.#seen();
      case 'reset':
        demandKnown(step, []);
        this.#anew = true;
        return this.#seen();
      case 'suspend':
        demandKnown(step, []);
        this.#suspend();
        return this.#seen();
      case 'preset':
        demandKnown(step, ['flow_state', 'atoms']);
        this.#presets = takePreset(this.#presets, step);
        return this.#seen();
      default:
        throw new NotRunnable(`unknown step: ${step.op}`);
    }
  }

  #compiled() {
    if (this.#definition === null) throw new NotRunnable('the flow is no definition');
    return compileFlow(this.#definition, typesFromCatalog(this.#prepared.catalog));
  }

  #run(step: Step): void {
    const test = this.#jobFor(step);
    const yields = yieldsBefore(step);
    if (test === null) return;
    if (yields !== null) {
      this.#runUntil(test, yields);
      return;
    }
    this.#goOn(test);
    this.#drive(test, awaitedBy(step));
    if (this.#trace.pauseAfter === null) return;
    throw new NotRunnable(`a pause at ${this.#trace.pauseAfter}, which is one commit with what comes before it`);
  }

  /**
   * Pauses after so many states of TaskFlow's machine: RESUMING, SCHEDULING, then for every batch of atoms WAITING, ANALYZING,
   * SCHEDULING. Before the third nothing is started; up to the fifth the first batch is under way; then it is done.
   */
  #runUntil(test: TestRun, yields: number): void {
    if (this.#plan.graph.nodes.some(({ atom }) => atom?.kind === 'retry'))
      throw new NotRunnable('states of the machine are counted, and a retry is no step here');
    if (yields <= 2) {
      if (test.run.state !== 'PENDING') throw new NotRunnable('a pause between resuming and what it lets start, which are one commit here');
      test.act({ kind: 'SUSPEND', reason: '' });
      this.#trace.take(test.run, test.entries);
      return;
    }
    this.#goOn(test);
    for (let passed = 3; test.pending.length > 0; passed += 3) {
      if (yields === passed || yields === passed + 1) this.#suspend();
      const batch = test.pending.length;
      for (let answered = 1; answered <= batch; answered += 1)
        this.#answerNext(test, yields === passed + 2 && answered === batch ? 'last' : null);
    }
  }

  /** The job that a `run` is about: the one at hand, or a new one of the same version where a rerun is meant. Null: nothing to do. */
  #jobFor(step: Step): TestRun | null {
    const known = this.#test;
    if (known !== null && step['fresh_engine'] === true) known.crash();
    if (known === null || this.#anew || known.run.state === 'REVERTED' || known.run.state === 'PARTIALLY_REVERTED') return this.#newJob();
    return known.run.state === 'SUCCESS' ? null : known;
  }

  #newJob(): TestRun {
    if (this.#definition === null) throw new NotRunnable('the flow is no definition');
    this.#anew = false;
    this.#trace.begin();
    const definition = this.#definition;
    const begin = (parallel: number): TestRun =>
      new TestRun({
        definition,
        catalog: this.#prepared.catalog,
        inputs: { ...this.#plan.store },
        script: () => (this.#answered?.answer.kind === 'done' ? { output: this.#answered.answer.output } : { fail: 'FAILED' }),
        parallel,
      });
    const test = begin(ALL_AT_ONCE);
    this.#test = test;
    const presets = this.#presets;
    this.#presets = null;
    if (presets === null || (presets.atoms.size === 0 && presets.flow === 'PENDING')) return test;
    test.entries.splice(0, test.entries.length, ...presetEntries(presets, { graph: this.#plan.graph, prepared: this.#prepared, begin }));
    test.crash();
    this.#trace.skip(test.run, test.entries);
    return test;
  }

  /** Runs it again: by a conductor, or by an act of a person if the run waits for one. */
  #goOn(test: TestRun): void {
    const { run } = test;
    switch (run.state) {
      case 'SUSPENDED':
        test.act({ kind: 'RESUME', reason: '' });
        break;
      case 'FAILURE': {
        const choice = { kind: 'job' } as const;
        test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(run, choice).hash });
        break;
      }
      case 'REVERT_FAILED':
        for (const { atom, state } of run.atoms) if (state === 'REVERT_FAILURE') test.act({ kind: 'RETRY_REVERT', reason: '', atom });
        break;
      case 'PENDING':
      case 'RUNNING':
      case 'SUSPENDING':
      case 'REVERTING':
        test.claim();
        break;
      case 'SUCCESS':
      case 'REVERTED':
      case 'PARTIALLY_REVERTED':
        break;
    }
    this.#trace.take(test.run, test.entries);
  }

  #suspend(): void {
    const test = this.#test;
    const act = { kind: 'SUSPEND', reason: '' } as const;
    if (test === null || refusalOf(test.run, act) !== null) return;
    test.act(act);
    this.#trace.take(test.run, test.entries);
  }

  /** Answers calls until none is left, or the process dies. */
  #drive(test: TestRun, awaited: Awaited | null): void {
    let pause = awaited;
    for (let steps = 0; test.pending.length > 0; steps += 1) {
      if (this.#plan.isKilled) {
        test.crash().claim();
        this.#trace.takeOver(test.run, test.entries);
      }
      if (steps > MOST_STEPS) throw new Error(`the run goes on after ${MOST_STEPS} answers`);
      if (pause !== null && this.#trace.events.includes(`${pause.atom} ${pause.state}`)) {
        pause = null;
        this.#suspend();
      }
      const answer = this.#answerNext(test, pause);
      if (answer === 'crashed') return;
      if (answer === 'paused') pause = null;
    }
  }

  /** Answers one call. `pause`: asked for by what the answer brings about, or by the answer itself. */
  #answerNext(test: TestRun, pause: Awaited | 'last' | null): 'answered' | 'crashed' | 'paused' {
    const [command] = test.pending.splice(this.#plan.pick(test.pending.length), 1);
    if (command === undefined) return 'answered';
    test.pending.unshift(command);
    this.#answered = this.#world.call(command, this.#trace.failures);
    const answered = this.#answered;
    if (answered?.answer.kind === 'crash') {
      test.crash();
      return 'crashed';
    }
    const awaited =
      answered !== null && pause === 'last'
        ? { atom: this.#prepared.names.get(answered.atom) ?? '', state: stateAfter(answered) }
        : pause === 'last'
          ? null
          : pause;
    const isPaused = awaited !== null && answered !== null && this.#wouldBring(test, answered, awaited);
    if (isPaused) {
      this.#trace.pauseAfter = `${awaited.atom} ${awaited.state}`;
      this.#suspend();
    }
    if (answered?.call) this.#trace.calls.push(answered.call);
    test.answerNext();
    this.#trace.take(test.run, test.entries);
    return isPaused ? 'paused' : 'answered';
  }

  /** A pause cannot come between a result and what it lets start, as both are one commit: so it is asked for just before. */
  #wouldBring(test: TestRun, answered: Answered, { atom, state }: Awaited): boolean {
    if (state === 'RUNNING' || state === 'REVERTING') return false;
    const copy = replay(emptyRun(this.#compiled()), test.entries);
    const at = { time: Number.MAX_SAFE_INTEGER / 2, actor: { kind: 'conductor', id: 'c1', name: 'c1' }, token: test.run.token } as const;
    const { entries } = decide(copy, { ...eventOf(answered), ...at }, { parallel: 1_000 });
    const id = this.#prepared.ids.get(atom);
    return entries.some((entry) => entry.kind === 'ATOM' && entry.atom === id && entry.to === state);
  }

  #seen(): StepOutcome {
    const run = this.#anew ? null : (this.#test?.run ?? null);
    const drawn = this.#plan.graph.nodes.flatMap(({ atom }) => (atom === null ? [] : [atom.name]));
    const states =
      run === null
        ? Object.fromEntries(drawn.map((name) => [name, this.#presets?.atoms.get(name)?.state ?? 'PENDING']))
        : Object.fromEntries(
            run.atoms.flatMap(({ atom, state }) => {
              const name = this.#prepared.names.get(atom);
              return name === undefined ? [] : [[name, state]];
            }),
          );
    const flow = run?.state ?? this.#presets?.flow ?? 'PENDING';
    return {
      flow: flow === 'REVERTING' || flow === 'SUSPENDING' ? 'RUNNING' : flow,
      states,
      calls: [...this.#trace.calls],
      events: [...this.#trace.events],
      refused: this.#problems,
      results: this.#results(),
      edges: null,
    };
  }

  /** The values of each symbol: that of the store, and those that finished atoms gave. */
  #results(): StepOutcome['results'] {
    const found: { [symbol: string]: Json[] } = {};
    for (const [symbol, value] of Object.entries(this.#plan.store)) found[symbol] = [value];
    for (const { atom } of this.#plan.graph.nodes) {
      const state = this.#test?.run.atoms.find((one) => one.atom === this.#prepared.ids.get(atom?.name ?? ''));
      const output = state?.state === 'SUCCESS' && isJsonObject(state.output) ? state.output : null;
      for (const { symbol, at } of output === null ? [] : (atom?.provides ?? [])) {
        const value = partOf(atom?.kind === 'retry' ? output?.['value'] : output?.['result'], at);
        if (value !== undefined) found[symbol] = [...(found[symbol] ?? []), value];
      }
    }
    return found;
  }
}

/** Of a flow of which only a target is run, what is left out may have problems: TaskFlow does not look at it. */
function validateLaunched({ document, find, target }: Prepared) {
  const whole = validateDefinition(document, find);
  if (target === null || whole.definition === null) return whole;
  return validateDefinition(targeted(whole.definition, target), find);
}

function stateAfter({ kind, answer }: Answered): string {
  if (kind === 'apply') return answer.kind === 'done' ? 'SUCCESS' : 'FAILURE';
  return answer.kind === 'done' ? 'REVERTED' : 'REVERT_FAILURE';
}

/** As many atoms at once as a case has. */
const ALL_AT_ONCE = 1_000;

/** More answers than any case needs: a run that does not end is a finding, not a hang. */
const MOST_STEPS = 100_000;
