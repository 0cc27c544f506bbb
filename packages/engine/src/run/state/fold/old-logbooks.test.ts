// L1: a logbook is replayed to the same states by every later version. The fixtures were written by the last version
// before the agenda: 60 random runs, and the states and plans that its replay gave at the end and at five points before.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogOf, defineTask } from '../../../task/define-task.ts';
import { flowDefinitionSchema } from '../../../definition/schema.ts';
import type { Entry } from '../../../logbook/entry.ts';
import { fakeCatalog } from '../../../testing/flows.ts';
import type { TaskType } from '../../../task/task.ts';
import type { Wait } from '../../../task/wait.ts';
import { typesFromCatalog } from '../../graph/atom-types.ts';
import { compileFlow } from '../../graph/compiler.ts';
import { planRollback } from '../../plan/plan-rollback.ts';
import { replay } from './fold.ts';
import { type Run, emptyRun } from '../run.ts';
import { restoreRun, snapshotOf } from '../snapshot/snapshot-of.ts';

interface OldRun {
  readonly definition: unknown;
  /** The stored form, with the actor's id instead of the actor. */
  readonly entries: readonly (Omit<Entry, 'actor'> & { readonly actor: string })[];
  readonly at: readonly (ReturnType<typeof factsOf> & { readonly at: number })[];
}

const oldRuns = readFileSync(new URL('../../../testing/fixtures/old-logbooks.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as OldRun);

function waitsFor(type: string, waits: (input: object, now: number) => Wait) {
  const anything = z.looseObject({});
  return defineTask({
    ...{ type, version: 1, title: type, summary: type, icon: 'box', group: 'Test', input: anything, output: anything },
    ...{ effects: { kind: 'none' }, repeatable: true, apply: async () => ({}), waits },
  });
}

const types = typesFromCatalog(
  catalogOf([
    ...(fakeCatalog.list() as TaskType<unknown>[]),
    waitsFor('ask', (_, now) => ({ on: 'approval', until: now + 9_000, by: [], then: 'approve', question: 'go on?' })),
    waitsFor('listen', (_, now) => ({ on: 'signal', until: now + 9_000, name: 'go', then: 'fail' })),
  ]),
);

const ACTORS: { readonly [id: string]: Entry['actor'] } = {
  c1: { kind: 'conductor', id: 'c1', name: 'c1' },
  ana: { kind: 'person', id: 'ana', name: 'ana' },
};

/** The state and plan according to the version that wrote the logbooks. */
function factsOf(run: Run) {
  const plan = planRollback(run, { kind: 'job' });
  return {
    run: run.state,
    job: run.job,
    attention: run.attention,
    ...(run.forward === null ? {} : { forward: run.forward.kind }),
    ...(run.standing.length === 0 ? {} : { left: run.standing }),
    ...(run.signals.length === 0 ? {} : { signals: run.signals.map(({ name, data }) => ({ name, data })) }),
    atoms: run.atoms.flatMap(({ atom, state, attempt, kept, output, failure }) => {
      if (state === 'PENDING' && attempt === 0) return [];
      const more = kept === null && output === null && failure === null ? [] : [kept, output, failure?.code ?? null];
      return [[atom, state, attempt, ...more]];
    }),
    plan: {
      waves: plan.waves.map((wave) =>
        wave.map(({ atom, attempt, action, because }) => [atom, attempt, action, ...(action === 'keep' ? [because] : [])]),
      ),
      controls: [...plan.controls].sort(),
      standing: plan.standing.map(({ atom }) => atom),
      blocked: plan.blocked !== null,
    },
  };
}

/** Does the run go forward, and is not rolled back, after these entries? */
function isForward(entries: readonly Entry[]): boolean {
  const passes = ['RUNNING', 'REVERTING', 'REVERTED', 'PARTIALLY_REVERTED', 'REVERT_FAILED'];
  return entries.flatMap((entry) => (entry.kind === 'RUN' ? [entry.to] : [])).findLast((to) => passes.includes(to)) === 'RUNNING';
}

describe.each(oldRuns.map((oldRun, index) => [index + 1, oldRun] as const))('old logbook %i', (_, { definition, entries, at }) => {
  const flow = compileFlow(flowDefinitionSchema.parse(definition), types);
  const written = entries.map(({ actor, ...entry }) => ({ ...entry, actor: ACTORS[actor] }) as Entry);

  it('L1: replays to the states and the plan that the version which wrote it gave', () => {
    for (const { at: number, ...facts } of at) {
      const run = replay(emptyRun(flow), written.slice(0, number));
      // That version went on listing what a former rollback had left; now a run that goes forward lists its earlier attempts (T1).
      const { left: listed, ...others } = facts;
      const left = isForward(written.slice(0, number)) ? run.keptBefore : (listed ?? []);
      expect(factsOf(run), `entry ${number}`).toEqual(left.length === 0 ? others : { ...others, left });
    }
  });

  it('I4: goes on from a snapshot as from its beginning', () => {
    const whole = snapshotOf(replay(emptyRun(flow), written));
    for (const { at: number } of at) {
      const half = replay(emptyRun(flow), written.slice(0, number));
      const restored = restoreRun(flow, structuredClone(snapshotOf(half)));
      expect(snapshotOf(replay(restored, written.slice(number))), `entry ${number}`).toEqual(whole);
    }
  });
});
