// P4, P11: a merge that never runs when a failure was caught. Each warning is compared with a run of the flow.
import { describe, expect, it } from 'vitest';
import { link, onFailure } from '../../testing/drawn.ts';
import { fakeCatalog, flow, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { checkMerges } from './check-merges.ts';
import { type Join, flowItemSchema } from '../schema.ts';

/** Items by their names; `merge` with that join. */
const graph = (links: object[], join?: Join) => {
  const items = ['look', 'normal', 'fallback', 'after', 'merge', 'end'].map((id) =>
    id === 'merge' && join !== undefined ? { ...task(id), join } : task(id),
  );
  return flowItemSchema.parse({ kind: 'flow', id: 'g', name: 'g', pattern: 'graph', items, links });
};
const caught = [link('look', 'normal'), link('normal', 'merge'), onFailure('look', 'fallback'), link('fallback', 'merge')];
const stateOf = (links: object[], join?: Join) =>
  new TestRun({
    definition: flow(graph(links, join)),
    catalog: fakeCatalog,
    script: ({ kind, atom }) => (kind === 'apply' && atom === 'look' ? { fail: 'BROKEN' } : undefined),
  }).go().states['merge'];

describe('P4, P11: a merge of the ordinary way and of the way on failure of one item', () => {
  it('is warned of if it waits for all its links, with a fix that lets it run', () => {
    const problems = checkMerges(graph(caught));
    expect(problems).toEqual([
      {
        item: 'merge',
        code: 'MERGE_NEVER_RUNS',
        severity: 'warning',
        message:
          '"merge" waits for all its links, so it never runs when a failure of "look" was caught, although "fallback" leads to it. Let it wait for the ways that are taken.',
        fix: { kind: 'setJoin', item: 'merge', join: 'live', label: 'Wait for the ways that are taken' },
      },
    ]);
    expect([stateOf(caught), stateOf(caught, 'live')]).toEqual(['IGNORE', 'SUCCESS']);
  });

  it('is warned of once if the ways are longer, and no item after it is named', () => {
    const longer = [...caught.slice(0, 3), link('fallback', 'after'), link('after', 'merge'), link('merge', 'end')];
    expect(checkMerges(graph(longer)).map(({ item }) => item)).toEqual(['merge']);
    expect(stateOf(longer)).toBe('IGNORE');
  });

  it.each(['any', 'live'] as const)('is not warned of if its join is %s', (join) => {
    expect([checkMerges(graph(caught, join)), stateOf(caught, join)]).toEqual([[], 'SUCCESS']);
  });

  it('is not warned of if it does not follow the item that fails', () => {
    const apart = [link('look', 'normal'), onFailure('look', 'fallback'), link('fallback', 'merge'), link('end', 'merge')];
    expect([checkMerges(graph(apart)), stateOf(apart)]).toEqual([[], 'SUCCESS']);
  });

  it('is not warned of if the way on failure ends elsewhere', () => {
    const ends = [link('look', 'normal'), link('normal', 'merge'), onFailure('look', 'fallback'), link('fallback', 'end')];
    expect([checkMerges(graph(ends)), stateOf(ends)]).toEqual([[], 'IGNORE']);
  });
});
