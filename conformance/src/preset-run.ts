// The logbook behind a preset. A run is driven with the answers that the preset gives, and its entries are cut where the
// states of its atoms are those of the preset: so every entry is one that the engine itself writes. Where the order of
// answers or the number of atoms at once decides whether the states meet, others are tried.
import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, isJsonObject } from '@windlass/engine/definition';
import { type Entry, type Run, emptyRun, refusalOf, replay } from '@windlass/engine/run';
import type { TestRun } from '@windlass/engine/testing';
import { NotRunnable } from './case.ts';
import type { Prepared } from './definition.ts';
import { type PresetGoal, goalOf } from './preset-goal.ts';
import type { Presets } from './presets.ts';
import { retriesAround } from './reference-order.ts';
import type { DrawnGraph } from './drawn-graph.ts';
import { SERIAL, shuffled } from './subject.ts';
import { type Command, type Answered, eventOf } from './world.ts';

interface Scene {
  readonly graph: DrawnGraph;
  readonly prepared: Prepared;
  /** A new run in which so many atoms are called at once. */
  readonly begin: (parallel: number) => TestRun;
}

/** Orders of answers, and numbers of atoms at once, that are tried. */
const SEEDS = 40;
const PARALLEL = [1_000, 1, 2, 3];
const MOST_ANSWERS = 1_000;
const AT_REST: ReadonlySet<string> = new Set(['SUSPENDED', 'SUCCESS', 'REVERTED', 'PARTIALLY_REVERTED', 'REVERT_FAILED', 'FAILURE']);

/** The entries of a run that stands where the preset says. Throws NotRunnable when no run here comes there. */
export function presetEntries(presets: Presets, scene: Scene): readonly Entry[] {
  const goal = goalOf(presets, scene.graph);
  for (let seed = 0; seed < SEEDS; seed += 1) {
    for (const parallel of PARALLEL) {
      for (let pauseBefore = goal.flow === 'SUSPENDED' ? 0 : -1, isPaused = true; isPaused; pauseBefore += 1) {
        const drive = new Drive(goal, scene, scene.begin(parallel));
        isPaused = drive.run(seed === 0 ? SERIAL : shuffled(seed), pauseBefore) && pauseBefore >= 0;
        const found = drive.cut();
        if (found !== null) return found;
      }
    }
  }
  throw new NotRunnable(
    `a preset that no run comes to here: ${[...presets.atoms].map(([name, { state }]) => `${name} ${state}`).join(', ')}`,
  );
}

class Drive {
  readonly #goal: PresetGoal;
  readonly #scene: Scene;
  readonly #test: TestRun;

  constructor(goal: PresetGoal, scene: Scene, test: TestRun) {
    this.#goal = goal;
    this.#scene = scene;
    this.#test = test;
  }

  /** Gives every answer that leads to the goal; asks for a pause before one of them. True: the pause came about. */
  run(pick: (count: number) => number, pauseBefore: number): boolean {
    this.#test.claim();
    for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
      if (answers === pauseBefore) {
        const act = { kind: 'SUSPEND', reason: '' } as const;
        if (refusalOf(this.#test.run, act) !== null) return false;
        this.#test.act(act);
      }
      const events = this.#test.pending.flatMap((command) => {
        const answered = this.#answerTo(command);
        return answered === null ? [] : [{ command, answered }];
      });
      const chosen = events[pick(events.length)];
      if (chosen === undefined) return answers >= pauseBefore;
      this.#test.pending.splice(this.#test.pending.indexOf(chosen.command), 1);
      this.#test.send(eventOf(chosen.answered));
    }
    return false;
  }

  /** The entries up to where the states are those of the preset; null when they never are. */
  cut(): readonly Entry[] | null {
    const { entries, flow } = this.#test;
    const run = emptyRun(flow);
    let found: number | null = null;
    for (const [at, entry] of entries.entries()) {
      replay(run, [entry]);
      if (!this.#isReached(run, at === entries.length - 1)) continue;
      found = at + 1;
      // A decision made before the crash is in the logbook; else the crash came before the decision.
      if (!this.#goal.isResolved) break;
    }
    return found === null ? null : entries.slice(0, found);
  }

  #isReached(run: Run, isLast: boolean): boolean {
    if (run.state === 'PENDING') return false;
    const isAtRest = isLast && AT_REST.has(run.state);
    switch (this.#goal.flow) {
      case 'SUSPENDED':
      case 'SUCCESS':
      case 'REVERTED':
        if (!isAtRest || run.state !== this.#goal.flow) return false;
        break;
      case 'FAILURE':
        if (!isAtRest || (run.state !== 'FAILURE' && run.state !== 'REVERT_FAILED')) return false;
        break;
      default:
        if (AT_REST.has(run.state)) return false;
    }
    return [...this.#goal.atoms].every(([name, { state, result }]) => {
      const atom = run.atoms.find((one) => one.atom === this.#scene.prepared.ids.get(name));
      if (atom?.state !== state) return false;
      const isRetryDone = atom.state === 'SUCCESS' && isJsonObject(atom.output) && 'value' in atom.output;
      return !isRetryDone || result === undefined || isDeepStrictEqual((atom.output as JsonObject)['value'], result);
    });
  }

  /** The answer of the world before the crash; null for a call that was under way then, or that must not be answered. */
  #answerTo(command: Command): Answered | null {
    if (command.kind !== 'CALL') return null;
    const { kind, atom, attempt } = command.call;
    if (kind !== 'apply' && kind !== 'revert') return null;
    const name = this.#scene.prepared.names.get(atom) ?? '';
    const how = this.#isBeforePreset(name)
      ? kind === 'apply'
        ? 'failed'
        : 'done'
      : kind === 'apply'
        ? this.#applied(name)
        : this.#reverted(name);
    if (how === null) return null;
    const output = { result: this.#goal.atoms.get(name)?.result ?? null };
    const answer = how === 'done' ? ({ kind: 'done', output } as const) : ({ kind: 'failed' } as const);
    return { kind, atom, attempt, revertAttempt: command.revertAttempt, answer, call: null };
  }

  #applied(name: string): 'done' | 'failed' | null {
    const state = this.#goal.atoms.get(name)?.state ?? 'PENDING';
    const isUnanswered = state === 'RUNNING' || ((state === 'PENDING' || state === 'IGNORE') && !this.#goal.setBack.has(name));
    if (isUnanswered) return null;
    return this.#goal.failing.has(name) ? 'failed' : 'done';
  }

  #reverted(name: string): 'done' | 'failed' | null {
    if (this.#goal.setBack.has(name)) return 'done';
    const state = this.#goal.atoms.get(name)?.state;
    if (state === 'REVERTED') return 'done';
    return state === 'REVERT_FAILURE' ? 'failed' : null;
  }

  /** Is a retry around the atom still in an attempt before the one that the preset names? Such attempts fail. */
  #isBeforePreset(name: string): boolean {
    const node = this.#scene.graph.nodes.find(({ atom }) => atom?.name === name);
    if (node === undefined) return false;
    return retriesAround(this.#scene.graph, node).some(({ retry }) => {
      const wanted = this.#goal.atoms.get(retry.name)?.result;
      const atom = this.#test.run.atoms.find((one) => one.atom === this.#scene.prepared.ids.get(retry.name));
      const value = isJsonObject(atom?.output) ? atom.output['value'] : undefined;
      return wanted !== undefined && value !== undefined && !isDeepStrictEqual(value, wanted);
    });
  }
}
