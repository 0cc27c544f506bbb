// I4: over random runs with failures, crashes and acts, a run restored from a checkpoint makes the same decisions as the
// replayed run and as the run that went on, to the end.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawAnyAct } from '../../../testing/any-act.ts';
import { type Size, drawFlow, lots } from '../../../testing/draw-flow.ts';
import { fakeCatalog } from '../../../testing/flows.ts';
import { type Script, TestRun } from '../../../testing/run-in-memory.ts';
import { refusalOf } from '../../acts/refuse.ts';
import { decide } from '../../decide.ts';
import { planRollback } from '../../plan/plan-rollback.ts';
import type { RollbackChoice } from '../../plan/rollback-choice.ts';
import { type RunCheckpoint, checkpointOf, restoreCheckpoint } from './checkpoint.ts';
import { replay } from '../fold/fold.ts';
import { type LeanSnapshot, fullOf, leanOf } from '../snapshot/lean-snapshot.ts';
import { type Run, emptyRun } from '../run.ts';
import { restoreRun, snapshotOf } from '../snapshot/snapshot-of.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000);

interface Story extends Size {
  readonly seed: number;
  readonly steps: number;
  /** The checkpoint is made before this step. */
  readonly at: number;
}

function tell({ seed, steps, at, ...size }: Story) {
  const draw = lots(seed);
  const failing = draw.chance(0.6) ? 0.15 : 0;
  const script: Script = ({ kind }) => {
    if (kind === 'probe') return { happened: draw.pick(['yes', 'no', 'unknown'] as const) };
    return draw.chance(kind === 'apply' ? failing : failing * 1.5) ? { fail: 'BROKEN' } : undefined;
  };
  const test = new TestRun({
    definition: drawFlow(draw, size),
    catalog: fakeCatalog,
    script,
    parallel: draw.pick([1, 2, 1_000]),
    entries: draw.pick([2, 7, 2_000]),
  });
  let made: { readonly checkpoint: RunCheckpoint; readonly graph: string; readonly entries: number; readonly sent: number } | null = null;
  test.claim();
  const act = () => {
    const wanted = drawAnyAct(draw, test.run);
    if (refusalOf(test.run, wanted) === null) test.act(wanted);
  };
  for (let step = 0; step < steps; step += 1) {
    if (step === at % steps)
      made = { checkpoint: checkpointOf(test.run), graph: graphOf(test.run), entries: test.entries.length, sent: test.sent.length };
    const lot = draw.below(20);
    if (lot === 0 && test.run.number > 1) {
      test.crash();
      if (test.run.job === 'CLAIMED' || test.run.job === 'UNCLAIMED') test.claim();
    } else if (lot < 4) act();
    else if (test.pending.length > 0) test.answer(draw.below(test.pending.length));
    else if (test.run.job === 'WAITING' && test.run.wakeAt !== null && lot < 14) test.wake();
    else if (lot < 8) act();
  }
  return { test, made };
}

/** The parts of the graph that a run may change. */
function graphOf({ flow }: Run): string {
  const containers = flow.containers.map(({ item, scope, inner, outputs, ...rest }) => rest);
  return JSON.stringify([flow.nodes, containers, flow.atoms.map(({ index, node, address }) => [index, node, address])]);
}

function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function goOn(test: TestRun, run: Run, from: number) {
  return test.sent.slice(from).map(({ event }) => decide(run, event, test.limits));
}

const story = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  steps: fc.integer({ min: 1, max: 80 }),
  at: fc.nat({ max: 79 }),
  width: fc.integer({ min: 2, max: 4 }),
  depth: fc.integer({ min: 0, max: 3 }),
  plain: fc.boolean(),
});

/** Compares as text first, because comparing objects takes most of the time of 10,000 runs. */
function expectSame(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, what).toEqual(wanted);
}

it(
  `I4: over ${RUNS} random runs, a run restored from a checkpoint decides the same as the replayed one and the live one`,
  () => {
    const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
    const same = fc.property(story, (drawn) => {
      const { test, made } = tell(drawn);
      if (made === null) return;
      const decided = test.sent.slice(made.sent).map(({ decision }) => decision);
      const replayed = replay(emptyRun(test.flow), test.entries.slice(0, made.entries));
      expectSame('live and replayed', made.checkpoint, checkpointOf(replayed));
      expectSame('replayed', goOn(test, replayed, made.sent), decided);
      const restored = finish(restoreCheckpoint(test.flow, JSON.parse(JSON.stringify(made.checkpoint)) as RunCheckpoint));
      expectSame('every field', checkpointOf(restored), made.checkpoint);
      expectSame('graph', graphOf(restored), made.graph);
      expectSame('restored', goOn(test, restored, made.sent), decided);
    });
    fc.assert(same, { numRuns: RUNS, seed });
  },
  600_000 + 60 * RUNS,
);

it('B2: over random runs, the run that a screen restores from its snapshot plans the same rollbacks', () => {
  const same = fc.property(story, (drawn) => {
    const { run, flow } = tell(drawn).test;
    const shown = restoreRun(flow, fullOf(JSON.parse(JSON.stringify(leanOf(snapshotOf(run)))) as LeanSnapshot));
    const atoms = run.atoms.map(({ atom }) => atom).filter((_, index) => index % 3 === drawn.seed % 3);
    const choices: RollbackChoice[] = [{ kind: 'job' }, { kind: 'atoms', atoms, leaveOut: [] }];
    for (const choice of choices) {
      expectSame('plan', planRollback(shown, choice), planRollback(run, choice));
    }
  });
  fc.assert(same, { numRuns: Math.min(RUNS, 1_000), seed: Number(process.env['WINDLASS_SEED'] ?? 1) });
});
