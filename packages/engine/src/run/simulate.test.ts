// Random flows, random answers in random order, random acts and crashes; after each step the invariants of a run are
// checked. A failure names its seed; `run(seed)` plays it again.
import { expect, it } from 'vitest';
import type { FlowDefinition, FlowItem, Item } from '../definition/schema.ts';
import { fakeCatalog, flow, graph, linear, task, unordered } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import type { Act, RollbackChoice } from './act.ts';
import { planRollback } from './plan-rollback.ts';
import { refusalOf } from './refuse.ts';
import type { Run } from './run.ts';
import { restoreRun, snapshotOf } from './snapshot-of.ts';

const RUNS = Number(process.env['WINDLASS_SIMULATIONS'] ?? 1_500);

/** A small generator with a seed (mulberry32). */
function lots(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  return { chance: (share: number) => next() < share, below, pick };
}
type Lots = ReturnType<typeof lots>;

function drawing(draw: Lots): FlowDefinition {
  let count = 0;
  const item = (depth: number): Item =>
    depth < 3 && draw.chance(0.3)
      ? container(depth + 1)
      : task(`t${count++}`, { type: draw.pick(TYPES), revertPolicy: { attempts: 1 + draw.below(2), delayMs: 1 } });
  const container = (depth: number): FlowItem => {
    const id = `f${count++}`;
    const items = Array.from({ length: draw.below(4) + (depth === 0 ? 1 : 0) }, () => item(depth));
    const kind = draw.below(3);
    if (kind === 0) return linear(id, items);
    if (kind === 1) return unordered(id, items, draw.chance(0.5) ? 1 + draw.below(2) : undefined);
    const links = items.flatMap((after, to) =>
      items.slice(0, to).flatMap((before) => (draw.chance(0.4) ? [`${before.id}>${after.id}`] : [])),
    );
    return graph(id, items, links);
  };
  return flow(container(0), { onFailure: draw.chance(0.3) ? 'hold' : 'revert' });
}
const TYPES = ['step', 'step', 'step', 'pure', 'send', 'once', 'probed'];

function randomAct(draw: Lots, run: Run): Act {
  const atoms = run.atoms.map(({ atom }) => atom);
  const atom = draw.pick(atoms.length > 0 ? atoms : ['none']);
  const choice: RollbackChoice = draw.pick<RollbackChoice>([
    { kind: 'job' },
    { kind: 'toEntry', number: 1 + draw.below(run.number) },
    {
      kind: 'atoms',
      atoms: [atom],
      leaveOut: draw.chance(0.3) ? [{ atom: draw.pick(atoms.length > 0 ? atoms : ['none']), reason: 'left' }] : [],
    },
  ]);
  return draw.pick<Act>([
    { kind: 'SUSPEND', reason: '' },
    { kind: 'RESUME', reason: '' },
    { kind: 'RESUME', reason: '' },
    { kind: 'CANCEL', reason: '', then: draw.pick(['revert', 'hold'] as const) },
    { kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(run, choice).hash },
    { kind: 'APPLY_AGAIN', reason: '' },
    { kind: 'RETRY_FAILED', reason: '', parameters: {} },
    { kind: 'SKIP_FAILED', reason: 'skip', atom, output: {} },
    { kind: 'RETRY_REVERT', reason: '', atom },
    { kind: 'MARK_REVERTED', reason: 'by hand', atom },
    { kind: 'KEEP', reason: 'keep', atom },
    {
      kind: 'SETTLE_DOUBT',
      reason: 'looked',
      atom,
      answer: draw.pick([{ kind: 'happened', output: {} }, { kind: 'repeat' }, { kind: 'failed' }] as const),
    },
  ]);
}

/** Numbers of the atoms that come after an atom. */
function after(run: Run, index: number): Set<number> {
  const found = new Set<number>();
  const seen = new Set<number>();
  const reached = [run.flow.atoms[index]?.node ?? -1];
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    for (const next of run.flow.nodes[node]?.after ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reached.push(next);
      const atom = run.flow.nodes[next]?.atom ?? -1;
      if (atom >= 0) found.add(atom);
    }
  }
  return found;
}

function check(test: TestRun, seen: number): void {
  const { run } = test;
  for (const entry of test.entries.slice(seen)) {
    if (entry.kind !== 'ATOM') continue;
    const index = run.flow.atomByAddress.get(entry.atom)?.index ?? -1;
    if (entry.to === 'RUNNING' && entry.from === 'PENDING') {
      // I1: nothing is applied before what comes before it is finished.
      run.atoms.forEach((before, at) => {
        if (at !== index && after(run, at).has(index))
          expect(['SUCCESS', 'IGNORE'], `I1 ${entry.atom} after ${before.atom}`).toContain(before.state);
      });
    }
    if (entry.to === 'REVERTING' && run.state === 'REVERTING') {
      // I2: nothing is reverted while something of the rollback after it is not settled.
      for (const later of after(run, index)) expect(run.undo?.open[later], `I2 ${entry.atom} before ${run.atoms[later]?.atom}`).toBe(0);
    }
  }
  const flying = run.atoms.filter(({ state, notBefore }) => state === 'RUNNING' || (state === 'REVERTING' && notBefore === 0));
  expect(run.busy, 'busy').toBe(flying.length);
  expect(run.failed.size, 'failures').toBe(run.atoms.filter(({ state }) => state === 'FAILURE').length);
  expect(run.doubts, 'doubts').toBe(run.atoms.filter(({ inDoubt }) => inDoubt !== null).length);
  // I7: a run that waits for nobody has ended, or says what it waits for, and has let go of its job.
  if (test.pending.filter(({ kind }) => kind !== 'ABORT').length === 0 && run.job === 'CLAIMED')
    throw new Error(`I7: nothing is pending, the run is ${run.state}`);
  // T1: REVERTED says that nothing with an effect stands.
  if (run.state === 'REVERTED') {
    const standing = run.atoms.filter(
      ({ state, applied, kept }, at) =>
        applied && kept === null && state === 'SUCCESS' && run.flow.atoms[at]?.type?.effects.kind !== 'none',
    );
    expect(standing, 'T1').toEqual([]);
  }
}

function run(seed: number): void {
  const draw = lots(seed);
  const failing = draw.chance(0.6) ? 0.15 : 0;
  const script: Script = ({ kind }) => {
    if (kind === 'probe') return { happened: draw.pick(['yes', 'no', 'unknown'] as const) };
    return draw.chance(kind === 'apply' ? failing : failing * 1.5) ? { fail: 'BROKEN' } : undefined;
  };
  const test = new TestRun({ definition: drawing(draw), catalog: fakeCatalog, script, parallel: draw.pick([1, 2, 1_000]) });
  test.claim();
  for (let step = 0; step < 80; step += 1) {
    const seen = test.entries.length;
    const lot = draw.below(20);
    if (lot === 0 && test.run.number > 1) {
      test.crash();
      // I4: replay is the live state, and a snapshot goes on from it.
      expect(snapshotOf(restoreRun(test.run.flow, structuredClone(snapshotOf(test.run)))), 'I4').toEqual(snapshotOf(test.run));
      if (test.run.job === 'CLAIMED' || test.run.job === 'UNCLAIMED') test.claim();
    } else if (lot < 4) {
      const act = randomAct(draw, test.run);
      if (refusalOf(test.run, act) === null) test.act(act);
    } else if (test.pending.length > 0) {
      // Answers come in any order.
      const [command] = test.pending.splice(draw.below(test.pending.length), 1);
      if (command) test.pending.unshift(command);
      test.answerNext();
    } else if (lot < 8) {
      const act = randomAct(draw, test.run);
      if (refusalOf(test.run, act) === null) test.act(act);
    }
    check(test, seen);
  }
  const results = test.entries.flatMap((entry) =>
    entry.kind === 'ATOM' && entry.to === 'SUCCESS' ? [`${entry.atom} ${entry.attempt}`] : [],
  );
  expect(new Set(results).size, 'a result recorded twice').toBe(results.length);
}

it(`keeps I1, I2, I4, I7 and T1 over ${RUNS} random runs with failures, crashes and acts`, () => {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    try {
      run(seed);
    } catch (cause) {
      throw new Error(`Seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}, 600_000);
