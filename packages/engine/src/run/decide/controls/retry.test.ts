// R1: the failures that a retry handles, and the retries that a failure asks.
import { describe, expect, it } from 'vitest';
import { type Item, flowItemSchema, retrySchema } from '../../../definition/schema.ts';
import { fakeCatalog, flow, linear, task, unordered } from '../../../testing/flows.ts';
import { type Script, TestRun } from '../../../testing/run-in-memory.ts';

const retried = (id: string, items: Item[], policy: object) =>
  flowItemSchema.parse({ ...linear(id, items), retry: retrySchema.parse({ id: `${id}_retry`, ...policy }) });
const failing =
  (code: string): Script =>
  ({ kind }) =>
    kind === 'apply' ? { fail: code } : undefined;
const tries = (test: TestRun) => test.calls.filter((call) => call.startsWith('apply')).length;

describe('R1: a filter on error codes', () => {
  const strategy = { kind: 'times', attempts: 3 };
  it.each<[object, number, number]>([
    [{ onlyCodes: ['BUSY'] }, 3, 1],
    [{ exceptCodes: ['GONE'] }, 3, 1],
    [{ onlyCodes: ['BUSY', 'GONE'], exceptCodes: ['GONE'] }, 3, 1],
    [{}, 3, 3],
  ])('%j', (filter, busy, gone) => {
    const run = (code: string) =>
      new TestRun({
        definition: flow(linear('f', [retried('box', [task('a')], { strategy, ...filter })])),
        catalog: fakeCatalog,
        script: failing(code),
      }).go();
    expect([tries(run('BUSY')), tries(run('GONE'))]).toEqual([busy, gone]);
  });
});

it('R1: the delay grows by the back-off up to its limit', () => {
  const policy = { strategy: { kind: 'times', attempts: 4 }, delayMs: 1_000, backoff: 10, maxDelayMs: 2_000 };
  const definition = flow(linear('f', [retried('box', [task('a')], policy)]));
  const test = new TestRun({ definition, catalog: fakeCatalog, script: failing('BUSY') }).go();
  const delays = test.entries.flatMap((entry) =>
    entry.kind === 'ATOM' && entry.to === 'RETRYING' ? [(entry.data?.notBefore ?? 0) - entry.time] : [],
  );
  expect(delays).toEqual([1_000, 2_000, 2_000]);
});

it('R1: an expression that always says RETRY declines after its limit of attempts', () => {
  const strategy = { kind: 'expression', cel: '"RETRY"', attempts: 3 };
  const definition = flow(linear('f', [retried('box', [task('a')], { strategy })]));
  const test = new TestRun({ definition, catalog: fakeCatalog, script: failing('BUSY') }).claim();
  for (let calls = 0; calls < 20; calls += 1) test.answerNext();
  expect([test.run.state, tries(test)]).toEqual(['REVERTED', 3]);
});

it('R1: a retry that fails itself is not asked about that; the next retry outside is', () => {
  const inner = retried('inner', [task('a')], { strategy: { kind: 'for_each', values: [], revertAll: true } });
  const outer = retried('outer', [task('s'), inner], { strategy: { kind: 'times', attempts: 2 } });
  const test = new TestRun({ definition: flow(linear('f', [outer])), catalog: fakeCatalog }).go();
  expect(test.story.filter((entry) => entry.endsWith('ASKED'))).toEqual(['outer_retry ASKED', 'outer_retry ASKED']);
  expect([test.run.state, test.calls]).toEqual(['REVERTED', ['apply s', 'revert s', 'apply s', 'revert s']]);
});

it('R1, S3: after a task fails before its call, no task beside it begins', () => {
  const test = new TestRun({ definition: flow(unordered('f', [task('a', { type: 'needs_text' }), task('b')])), catalog: fakeCatalog }).go();
  expect([test.run.state, test.calls, test.states['b']]).toEqual(['REVERTED', [], 'PENDING']);
});

describe('A5: a missed deadline', () => {
  it.each([
    ['revert', 'REVERTED'],
    ['hold', 'FAILURE'],
  ] as const)('tells what runs to stop, where the flow says %s', (onFailure, end) => {
    const definition = flow(unordered('f', [task('a'), task('b')]), { onFailure, timeLimitMs: 60_000 });
    const test = new TestRun({ definition, catalog: fakeCatalog }).claim().passTime();
    expect(test.aborted).toEqual(['a', 'b']);
    expect([test.finish().run.state, test.run.forward]).toEqual([end, { kind: 'overdue' }]);
  });
});

describe('R5: when a task fails, what still runs', () => {
  /** `a` fails first; `b` runs beside it in the same container, and `c` outside. */
  const failed = (abortOnFailure: boolean, item: object) => {
    const box = flowItemSchema.parse({ ...unordered('box', [task('a'), task('b')]), ...item });
    const definition = flow(unordered('f', [box, task('c')]), { abortOnFailure });
    return new TestRun({ definition, catalog: fakeCatalog, script: failing('BROKEN') }).claim().answerNext();
  };
  const again = { retry: retrySchema.parse({ id: 'box_retry', strategy: { kind: 'times', attempts: 2 } }) };

  it.each([
    ['is awaited, unless the flow says otherwise', false, {}, []],
    ['is told to stop, if the flow says so', true, {}, ['b', 'c']],
    ['inside a container that begins again is told to stop, if the flow says so, and nothing else', true, again, ['b']],
    ['inside a container that begins again is awaited, unless the flow says otherwise', false, again, []],
  ])('%s', (_, abortOnFailure, item, aborted) => {
    expect(failed(abortOnFailure, item).aborted).toEqual(aborted);
  });
});
