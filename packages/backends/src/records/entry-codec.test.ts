// L1: whatever the core writes is read back as it was written.
import type { FlowItem } from '@windlass/engine/definition';
import { TestRun, fakeCatalog, flow, linear, task } from '@windlass/engine/testing';
import { expect, it } from 'vitest';
import { decodeEntries, encodeEntries } from './entry-codec.ts';

const inside = [task('a'), task('b', { bindings: { n: { from: 'output', item: 'r', path: 'value' } } })];
const definition = flow(
  linear('f', [
    {
      ...linear('c', inside),
      retry: { id: 'r', strategy: { kind: 'times', attempts: 3, revertAll: false }, delayMs: 5_000, backoff: 1, jitter: 0 },
    },
    { ...linear('p', [task('x')]), pattern: 'for_each', forEach: { list: { from: 'constant', value: [1, { two: [2] }] } } } as FlowItem,
    { ...linear('l', [task('y')]), pattern: 'loop', loop: { again: 'outputs.l.round < 1', limit: 3 } } as FlowItem,
    task('w', { type: 'pause' }),
    task('z'),
  ]),
);

it.each([
  ['a retry with a delay, a for-each, a loop and a wait', definition, (atom: string, attempt: number) => atom === 'b' && attempt < 3],
  ['a rollback with a failing revert', definition, (atom: string) => atom === 'z'],
] as const)('keeps every entry of %s', (_, drawn, isFailing) => {
  const test = new TestRun({
    definition: drawn,
    catalog: fakeCatalog,
    script: ({ kind, atom, attempt }) => {
      if (kind === 'revert') return atom === 'a' ? { fail: 'STUCK' } : undefined;
      return kind === 'apply' && isFailing(atom, attempt) ? { fail: 'BROKEN' } : undefined;
    },
  }).go();
  test.act({ kind: 'SIGNAL', reason: 'why', name: 'n', data: { at: [1] } });
  expect(test.entries.length).toBeGreaterThan(5);
  // A record is one commit: all its entries stand under one claim.
  for (const token of new Set(test.entries.map((entry) => entry.token))) {
    const entries = test.entries.filter((entry) => entry.token === token);
    const first = entries[0]?.number ?? 0;
    expect(decodeEntries({ first, body: encodeEntries(entries), job: 'job_x' })).toEqual(entries);
  }
});

it('L2: keeps each name under which one person acted', () => {
  const entries = ['Ana', 'Ana Meyer', 'ana'].map((name, at) => ({
    ...({ kind: 'ACT', act: 'SIGNAL', reason: '', number: at + 1, time: 5, token: 1, data: { name: 'go', data: 1 } } as const),
    actor: { kind: 'person', id: 'ana', name } as const,
  }));
  expect(decodeEntries({ first: 1, body: encodeEntries(entries), job: 'job_x' })).toEqual(entries);
});
