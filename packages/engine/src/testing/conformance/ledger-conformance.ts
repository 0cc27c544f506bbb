// The rules for every ledger of resources (Z2).
import { describe, expect, it } from 'vitest';
import type { HeldResource, ResourceLedger } from '../../resources/ledger.ts';
import type { BoardUnderTest } from './board-conformance.ts';
import { NOW, RUNNING, orderOf, startEntry } from './job-order.ts';

export interface LedgerUnderTest extends BoardUnderTest {
  readonly ledger: ResourceLedger;
}

const heldAs = (atom: string, stage: string, since = NOW): HeldResource => ({
  atom,
  type: 'machine.lease',
  label: `box of ${atom}`,
  stage,
  stages: ['reserve', 'acquire'],
  since,
});
const COMPLETE = { ...RUNNING, state: 'COMPLETE', run: 'REVERTED', endedAt: NOW } as const;

/** Registers the suite. `fresh` gives an empty ledger at each call. */
export function testResourceLedger(name: string, fresh: () => Promise<LedgerUnderTest>): void {
  describe(`resource ledger: ${name}`, () => {
    const claimed = async (under: LedgerUnderTest) => {
      const { job } = await under.board.post(orderOf(), NOW);
      await under.board.claim('c1', 1, NOW);
      return job;
    };

    it('Z2: lists the resources held, by which job, at which stage, since when', async () => {
      const under = await fresh();
      const job = await claimed(under);
      const commit = (number: number, stage: string) =>
        under.logbook.commit({
          job,
          token: 1,
          entries: [startEntry(number, 1)],
          resources: [{ atom: 'm', held: heldAs('m', stage) }],
        });
      await commit(2, 'reserve');
      await commit(3, 'acquire');
      expect(await under.ledger.resources({ limit: 10 })).toEqual({
        rows: [{ ...heldAs('m', 'acquire'), job, flow: 'flow_x', flowName: 'x', jobState: 'CLAIMED', run: 'PENDING', isOrphan: false }],
        next: null,
      });
      expect(await under.ledger.resourceCounts()).toEqual({ held: 1, orphans: 0 });
    });

    it('Z2: a resource that was given back is no longer listed', async () => {
      const under = await fresh();
      const job = await claimed(under);
      const commit = (number: number, held: HeldResource | null) =>
        under.logbook.commit({ job, token: 1, entries: [startEntry(number, 1)], resources: [{ atom: 'm', held }] });
      await commit(2, heldAs('m', 'reserve'));
      await commit(3, null);
      expect((await under.ledger.resources({ limit: 10 })).rows).toEqual([]);
    });

    it('Z2: a resource whose job has ended is an orphan', async () => {
      const under = await fresh();
      const [over, running] = [await claimed(under), await claimed(under)];
      for (const job of [over, running]) {
        const change = job === over ? { change: COMPLETE } : {};
        await under.logbook.commit({
          job,
          token: 1,
          entries: [startEntry(2, 1)],
          resources: [{ atom: 'm', held: heldAs('m', 'reserve') }],
          ...change,
        });
      }
      const { rows } = await under.ledger.resources({ orphans: true, limit: 10 });
      expect(rows).toMatchObject([{ job: over, jobState: 'COMPLETE', run: 'REVERTED', isOrphan: true }]);
      expect(await under.ledger.resourceCounts()).toEqual({ held: 2, orphans: 1 });
    });

    it('J3: a conductor that lost its claim changes nothing in it', async () => {
      const under = await fresh();
      const job = await claimed(under);
      const resources = [{ atom: 'm', held: heldAs('m', 'reserve') }];
      expect(await under.logbook.commit({ job, token: 9, entries: [startEntry(2, 9)], resources })).toBe('claim-lost');
      expect(await under.ledger.resourceCounts()).toEqual({ held: 0, orphans: 0 });
    });

    it('pages newest first, and narrows to a type or a job', async () => {
      const under = await fresh();
      const [first, second] = [await claimed(under), await claimed(under)];
      for (const [job, times] of [
        [first, [5, 3, 3]],
        [second, [4, 3]],
      ] as const) {
        const resources = times.map((after, index) => ({ atom: `m${index}`, held: heldAs(`m${index}`, 'reserve', NOW + after) }));
        await under.logbook.commit({ job, token: 1, entries: [startEntry(2, 1)], resources });
      }
      const seen: string[] = [];
      for (let cursor: string | null = '', pages = 0; cursor !== null && pages < 10; pages += 1) {
        const page = await under.ledger.resources({ limit: 2, ...(cursor === '' ? {} : { cursor }) });
        seen.push(...page.rows.map(({ job, atom }) => `${job === first ? 1 : 2} ${atom}`));
        cursor = page.next;
      }
      expect(seen).toEqual(['1 m0', '2 m0', '2 m1', '1 m1', '1 m2']);
      expect((await under.ledger.resources({ job: second, limit: 10 })).rows).toHaveLength(2);
      expect((await under.ledger.resources({ type: 'other', limit: 10 })).rows).toEqual([]);
    });
  });
}
