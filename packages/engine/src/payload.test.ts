import { expect, test } from 'vitest';
import { copyJson, payloadExcess } from './payload.ts';
import { TestRun, fakeCatalog, flow, linear, task } from './testing/index.ts';

test('S4: an input over 1 MiB fails its atom before apply is called, and the tasks before it are undone', () => {
  const half = 'x'.repeat(600_000);
  const definition = flow(linear('root', [task('a', { parameters: { half } }), task('b', { parameters: { one: half, two: half } })]));
  const { run, calls, entries } = new TestRun({ definition, catalog: fakeCatalog }).go();
  expect(calls).toEqual(['apply a', 'revert a']);
  expect(run.state).toBe('REVERTED');
  const failed = entries.find((entry) => entry.kind === 'ATOM' && entry.atom === 'b' && entry.to === 'FAILURE');
  expect(failed).toMatchObject({ data: { failure: { code: 'PAYLOAD_TOO_LARGE' } } });
});

test('a value with toJSON counts by its text, and a member that JSON leaves out counts as nothing', () => {
  expect(payloadExcess('It', { at: new Date(0), none: undefined, call: () => 1 })).toBeNull();
  expect(payloadExcess('It', { toJSON: () => 'x'.repeat(2_000_000) })).toBeNull();
  expect(payloadExcess('It', undefined)).toBeNull();
});

test('a copy shares no object with the original', () => {
  const value = { list: [{ n: 1 }], text: 'x', none: null };
  const copy = copyJson(value);
  expect(copy).toEqual(value);
  expect([copy === value, copy.list === value.list, copy.list[0] === value.list[0]]).toEqual([false, false, false]);
});
