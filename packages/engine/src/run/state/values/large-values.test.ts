// S4, I4, I5: a run refers to values over 8 KB and does not hold them. Code that reads outputs decides the same as with a
// small one: run straight, with every value loaded again, and killed after each turn.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type FlowItem, type Item, flowItemSchema, retrySchema } from '../../../definition/schema.ts';
import type { Entry } from '../../../logbook/entry.ts';
import { leanEntry } from '../../../logbook/lean-entry.ts';
import { fakeCatalog, flow, linear, task } from '../../../testing/flows.ts';
import { type Script, TestRun } from '../../../testing/run-in-memory.ts';
import type { Act } from '../../acts/act.ts';
import { planRollback } from '../../plan/plan-rollback.ts';
import { checkpointOf } from '../checkpoint/checkpoint.ts';
import { replay } from '../fold/fold.ts';
import { LARGE } from '../../../logbook/stored-value.ts';
import { CacheBudget } from './cache-budget.ts';
import { LargeValues, MOST_READ } from './large-values.ts';
import { fullOf, leanOf } from '../snapshot/lean-snapshot.ts';
import { emptyRun } from '../run.ts';
import { snapshotOf } from '../snapshot/snapshot-of.ts';

const src = task('src');
const of = (path: string) => ({ from: 'output', item: 'src', path }) as const;
const also = (item: Item, more: object): Item => ({ ...item, ...more }) as Item;
const inGraph = (items: unknown[], links: object[]) =>
  flow(flowItemSchema.parse({ kind: 'flow', id: 'g', name: 'g', pattern: 'graph', items, links }));
const container = (pattern: string, items: Item[], more: object): FlowItem =>
  flowItemSchema.parse({ kind: 'flow', id: 'c', name: 'c', pattern, items, links: [], ...more });
const reads = (id: string) => task(id, { bindings: { n: of('n') } });

/** Every construct that reads outputs. `src` gives { n, list } and, if it is large, a text too. */
const readers: Record<string, FlowDefinition> = {
  'a binding': flow(linear('f', [src, reads('b')])),
  'an expression': flow(linear('f', [src, task('b', { bindings: { n: { from: 'expression', cel: 'outputs.src.n + 1' } } })])),
  'the first of': flow(linear('f', [src, task('b', { bindings: { n: { from: 'first', of: [of('n')] } } })])),
  'a decider': inGraph(
    [src, task('yes'), task('no')],
    [
      { id: 'y', from: 'src', to: 'yes', decider: 'outputs.src.n == 2' },
      { id: 'n', from: 'src', to: 'no', decider: 'outputs.src.n == 3' },
    ],
  ),
  'the list of a for-each': flow(
    linear('f', [
      src,
      container('for_each', [task('x', { bindings: { who: { from: 'output', item: 'c', path: 'element' } } })], {
        forEach: { list: of('list') },
      }),
    ]),
  ),
  'the condition of a loop': flow(
    linear('f', [src, container('loop', [task('x')], { loop: { again: 'outputs.src.n > outputs.c.round + 1', limit: 5 } })]),
  ),
  'the values of a retry': flow(
    linear('f', [
      src,
      also(task('b', { bindings: { n: { from: 'output', item: 'r', path: 'value' } } }), {
        retry: retrySchema.parse({ id: 'r', strategy: { kind: 'parameterised', values: of('list') }, delayMs: 500 }),
      }),
    ]),
  ),
  'the expression of a retry': flow(
    linear('f', [
      src,
      also(task('b'), {
        retry: retrySchema.parse({
          id: 'r',
          strategy: { kind: 'expression', cel: 'retry.attempt < outputs.src.n ? "RETRY" : "REVERT"', attempts: 5 },
        }),
      }),
    ]),
  ),
  'the condition of a link on failure': inGraph(
    [src, task('b'), task('y'), task('z')],
    [
      { id: 'l', from: 'src', to: 'b' },
      { id: 'y', from: 'b', to: 'y', onFailure: true, decider: 'outputs.src.n == 3' },
      { id: 'z', from: 'b', to: 'z', onFailure: true, decider: 'outputs.src.n == 2' },
    ],
  ),
  'the revert of a container': flow(
    linear('f', [
      src,
      container('linear', [task('x')], {
        revert: { mode: 'task', id: 'undo_c', type: 'step', bindings: { n: of('n') } },
      }),
    ]),
  ),
  'an output of the flow': flow(linear('f', [src]), { outputs: { n: of('n') } }),
  'a result of a for-each': flow(
    linear('f', [
      container('for_each', [task('src')], { forEach: { list: { from: 'constant', value: [1, 2, 3] }, collect: 'src' } }),
      task('b', { bindings: { n: { from: 'expression', cel: 'outputs.c.results.map(r, r.n)' } } }),
    ]),
  ),
  'a stage of a resource': flow(
    linear('f', [task('m', { type: 'leased' }), task('b', { bindings: { n: { from: 'output', item: 'm', path: 'n' } } })]),
  ),
};

const givesText =
  (text: string): Script =>
  ({ kind, atom }) => {
    if (kind !== 'apply') return undefined;
    if (atom.endsWith('src') || atom.startsWith('m.')) return { output: { n: 2, list: ['v0', 'v1'], ...(text === '' ? {} : { text }) } };
    return atom === 'b' ? { fail: 'BROKEN' } : undefined;
  };
const LONG = 'x'.repeat(LARGE + 1);

/** The entries, without times and without the text. */
function told(entries: readonly Entry[]): unknown {
  return JSON.parse(
    JSON.stringify(entries.map(({ number, time, token, actor, ...rest }) => rest))
      .replaceAll(`,"text":"${LONG}"`, '')
      .replaceAll(/,"notBefore":\d+/g, ''),
  ) as unknown;
}

function played(definition: FlowDefinition, text: string, options: { readonly cacheNothing?: boolean } = {}): TestRun {
  return new TestRun({ definition, catalog: fakeCatalog, script: givesText(text), ...options });
}

describe('a large output is read as a small one is', () => {
  it.each(Object.entries(readers))('%s', (_, definition) => {
    const small = played(definition, '').go();
    const wanted = told(small.entries);
    const cached = played(definition, LONG).go();
    expect(told(cached.entries)).toEqual(wanted);
    expect(cached.calls).toEqual(small.calls);
    const loaded = played(definition, LONG, { cacheNothing: true }).go();
    expect(told(loaded.entries)).toEqual(wanted);
    expect(loaded.loads.length, 'values were loaded').toBeGreaterThan(0);
    expect(snapshotOf(loaded.run)).toEqual(snapshotOf(replay(emptyRun(loaded.flow), loaded.entries)));
  });

  it.each(Object.entries(readers))('%s, when its conductor dies after any answer', (_, definition) => {
    const end = played(definition, LONG).go();
    for (let turn = 1; turn < end.sent.length; turn += 1) {
      const test = played(definition, LONG, { cacheNothing: true }).claim();
      for (let answered = 0; answered < turn && (test.pending.length > 0 || test.wakeAt !== null); answered += 1) test.answerNext();
      if (test.run.job === 'CLAIMED') test.crash().claim();
      test.finish();
      expect(test.run.state).toBe(end.run.state);
      expect(test.states).toEqual(end.states);
    }
  });
});

describe('the values in a run', () => {
  const many = flow(
    linear(
      'f',
      Array.from({ length: 30 }, (_, index) =>
        task(`t${index}`, { bindings: index === 0 ? {} : { text: { from: 'output', item: `t${index - 1}`, path: 'text' } } }),
      ),
    ),
  );
  const huge: Script = ({ kind }) => (kind === 'apply' ? { output: { text: 'y'.repeat(200_000) } } : undefined);

  it('are references in run, snapshot and checkpoint; each task and each revert gets the whole text', () => {
    const seen: unknown[] = [];
    const script: Script = (call) => {
      if (call.kind === 'revert' || call.atom !== 't0')
        seen.push([call.kind, JSON.stringify(call.input).length, JSON.stringify(call.output).length]);
      return huge(call);
    };
    const test = new TestRun({ definition: many, catalog: fakeCatalog, script }).go();
    expect(test.run.state).toBe('SUCCESS');
    for (const kept of [test.run.atoms, snapshotOf(test.run), checkpointOf(test.run)])
      expect(JSON.stringify(kept).length).toBeLessThan(40_000);
    expect(seen).toEqual(Array.from({ length: 29 }, () => ['apply', 200_011, 4]));
    seen.length = 0;
    const plan = planRollback(test.run, { kind: 'job' });
    expect(JSON.stringify(plan).length).toBeLessThan(20_000);
    expect(plan.waves[0]?.[0]?.outputAt).toEqual({
      entry: test.entries.findLast(({ kind }) => kind === 'ATOM')?.number,
      field: 'output',
      size: 200_011,
    });
    test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
    expect(test.run.state).toBe('REVERTED');
    expect(seen.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => ['revert', 200_011, 200_011]));
  });

  it.each(Object.entries(readers))(
    'are not needed by a reader, which gets the same state from entries without them: %s',
    (_, definition) => {
      const test = played(definition, LONG).go();
      const lean = test.entries.map(leanEntry);
      expect(JSON.stringify(lean)).not.toContain(LONG);
      expect(snapshotOf(replay(emptyRun(test.flow), lean))).toEqual(fullOf(leanOf(snapshotOf(test.run))));
    },
  );

  it('are kept in entries for readers when a fold needs them: lists and rounds', () => {
    const list = Array.from({ length: 600 }, (_, index) => `element number ${index}`);
    const definition = flow(linear('f', [src, container('for_each', [task('x')], { forEach: { list: of('list') } })]));
    const test = new TestRun({
      definition,
      catalog: fakeCatalog,
      script: ({ atom }) => (atom === 'src' ? { output: { list } } : undefined),
    }).go();
    const reader = replay(emptyRun(test.flow), test.entries.map(leanEntry));
    expect(reader.atoms.filter(({ state }) => state === 'SUCCESS')).toHaveLength(602);
  });

  it('L2: are named by their entry when a large saved output is edited', () => {
    const definition = flow(linear('f', [task('a', { type: 'mendable' })]));
    const script: Script = ({ kind }) => (kind === 'apply' ? { output: { id: 'one', text: LONG } } : undefined);
    const test = new TestRun({ definition, catalog: fakeCatalog, script }).go();
    const before = test.entries.find((entry) => entry.kind === 'ATOM' && entry.to === 'SUCCESS')?.number;
    const act: Act = {
      kind: 'ROLL_BACK',
      reason: 'renamed',
      choice: { kind: 'job' },
      hash: planRollback(test.run, { kind: 'job' }).hash,
      outputs: { a: { id: 'two' } },
    };
    test.act(act).finish();
    const edit = test.entries.find((entry) => entry.kind === 'MARK' && entry.mark === 'OUTPUT_EDITED');
    expect(edit?.data).toEqual({ output: { id: 'two' }, beforeEntry: before, reason: 'renamed' });
    expect(test.run.state).toBe('REVERTED');
  });

  it('S4: outputs of the flow that are too large together are listed, and the run succeeds', () => {
    const tasks = Array.from({ length: 10 }, (_, index) => task(`t${index}`));
    const outputs = Object.fromEntries(tasks.map(({ id }) => [id, { from: 'output', item: id, path: 'text' } as const]));
    const script: Script = () => ({ output: { text: 'z'.repeat(1_000_000) } });
    const test = new TestRun({ definition: flow(linear('f', tasks), { outputs }), catalog: fakeCatalog, script }).go();
    expect(test.run.state).toBe('SUCCESS');
    expect(Object.keys(test.run.outputs ?? {})).toHaveLength(8);
    expect(test.run.unresolved.map(({ output }) => output)).toEqual(['t8', 't9']);
  });

  it('S4: lists of for-each that are too large together fail, and the run reverts', () => {
    const each = (id: string) => also(container('for_each', [task(`${id}_x`)], { forEach: { list: of('list') } }), { id, name: id });
    const definition = flow(linear('f', [src, ...Array.from({ length: 80 }, (_, index) => each(`c${index}`))]));
    const list = ['y'.repeat(1_000_000)];
    const script: Script = ({ kind, atom }) => (kind === 'apply' && atom === 'src' ? { output: { list } } : undefined);
    const test = new TestRun({ definition, catalog: fakeCatalog, script }).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', atom: 'c67', failure: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(test.run.state).toBe('REVERTED');
  });

  it('S4: values of a retry that are too large together fail', () => {
    const cel = '{"decision": "RETRY", "value": outputs.src.text + string(retry.attempt)}';
    const retried = also(task('b'), { retry: retrySchema.parse({ id: 'r', strategy: { kind: 'expression', cel, attempts: 200 } }) });
    const script: Script = ({ kind, atom }) => {
      if (kind !== 'apply') return undefined;
      return atom === 'src' ? { output: { text: 'z'.repeat(900_000) } } : { fail: 'BROKEN' };
    };
    const test = new TestRun({ definition: flow(linear('f', [src, retried])), catalog: fakeCatalog, script }).go();
    expect(test.run.forward).toMatchObject({ kind: 'failed', failure: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(test.run.state).toBe('REVERTED');
  });

  it('S4: a list that each attempt of a retry takes anew counts once', () => {
    const each = also(container('for_each', [task('x')], { forEach: { list: of('list') } }), {
      retry: retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 100 } }),
    });
    const list = ['y'.repeat(1_000_000)];
    const script: Script = ({ kind, atom, attempt }) => {
      if (kind !== 'apply') return undefined;
      return atom === 'src' ? { output: { list } } : attempt < 90 ? { fail: 'BROKEN' } : undefined;
    };
    const test = new TestRun({ definition: flow(linear('f', [src, each])), catalog: fakeCatalog, script }).go();
    expect(test.run.state).toBe('SUCCESS');
    expect(test.run.heldSize).toBe(replay(emptyRun(test.flow), test.entries).heldSize);
    expect(test.run.heldSize).toBeLessThan(1_100_000);
  });

  it('B7: kept signals do not keep out the signal that a wait waits for', () => {
    const test = new TestRun({ definition: flow(linear('f', [task('w', { type: 'listen' })])), catalog: fakeCatalog }).claim();
    for (let sent = 0; sent < 10_000; sent += 1) test.act({ kind: 'SIGNAL', reason: '', name: 'other', data: 1 });
    expect(test.act({ kind: 'SIGNAL', reason: '', name: 'other', data: 1 }).answered?.kind).toBe('refused');
    test.act({ kind: 'SIGNAL', reason: '', name: 'go', data: 1 }).finish();
    expect([test.answered?.kind, test.run.state]).toEqual(['done', 'SUCCESS']);
  });

  it('S4, B7: a signal with too much data is refused, and so is one that a job could not keep', () => {
    const definition = flow(linear('f', [task('long', { type: 'ask' }), task('w', { type: 'listen' })]));
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim();
    const signal = (data: string) => test.act({ kind: 'SIGNAL', reason: '', name: 'go', data }).answered;
    expect(signal('s'.repeat(1_048_570))).toMatchObject({ kind: 'refused', message: expect.stringContaining('1048576') });
    const answers = Array.from({ length: 20 }, () => signal('s'.repeat(1_000_000))?.kind);
    expect(answers).toEqual([...Array(16).fill('done'), ...Array(4).fill('refused')]);
    expect(test.run.signals).toHaveLength(16);
  });

  it('S5: the values read at once have a limit', () => {
    const large = new LargeValues();
    const at = (entry: number) => ({ entry, field: 'output', size: MOST_READ / 2 }) as const;
    large.read(at(1));
    large.read(at(1));
    large.read(at(2));
    expect(() => large.read(at(3))).toThrow('at once');
    expect(large.endReading()).toHaveLength(3);
    expect(() => large.read(at(3))).not.toThrow();
  });

  it('S4: the values that were loaded for one decision are dropped when it has read them', () => {
    const large = new LargeValues();
    const at = { entry: 1, field: 'output', size: LARGE } as const;
    large.load(at, 'value');
    expect(large.read(at)).toBe('value');
    expect(large.endReading()).toEqual([]);
    expect(large.peek(at)).toBeUndefined();
  });

  it('the caches of all runs have one size: the oldest values of any run are dropped', () => {
    const budget = new CacheBudget(30_000);
    const runs = Array.from({ length: 5 }, () => new LargeValues(budget));
    const at = (entry: number) => ({ entry, field: 'output', size: 10_000 }) as const;
    for (const large of runs) large.put(at(1), 'value');
    expect(runs.map((large) => large.peek(at(1)))).toEqual([undefined, undefined, 'value', 'value', 'value']);
    expect(budget.size).toBe(30_000);
    // A run that drops a value itself gives its part back.
    runs[4]?.cacheNothing();
    expect(budget.size).toBe(20_000);
    runs[0]?.put(at(2), 'again');
    expect(runs.map((large) => large.peek(at(1)))).toEqual([undefined, undefined, 'value', 'value', undefined]);
  });
});
