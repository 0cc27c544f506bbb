// The rules for finding jobs on every board: exactly the jobs that pass `passesFilter`, in the order of posting, in pages.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobRow } from '../../board/job.ts';
import type { JobBoard } from '../../board/job-board.ts';
import type { JobFilter } from '../../board/search/job-filter.ts';
import { passesFilter } from '../../board/search/passes-filter.ts';
import { searchedInputs } from '../../board/search/searched-inputs.ts';
import type { JsonObject } from '../../json.ts';
import type { AttentionReason, RunState } from '../../states.ts';
import type { BoardUnderTest } from './board-conformance.ts';
import { RUNNING, ana, orderOf, startEntry } from './job-order.ts';

const NOW = 1_700_000_000_000;
const JOBS = 60;
const FLOWS = ['flow_a', 'flow_b', 'flow_c'] as const;
const PEOPLE = ['Ana', 'ADA', 'a schedule'] as const;
const RUNS = ['SUCCESS', 'FAILURE', 'REVERTED', 'SUSPENDED'] as const satisfies readonly RunState[];
const REGIONS = ['eu', 'us', 'a "quoted" one', '%'] as const;
const REASONS = ['held', 'approval'] as const satisfies readonly AttentionReason[];

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

interface Posted {
  readonly rows: readonly JobRow[];
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Jobs, some of which have run; two of each time, so that time does not decide the order. */
async function postMany({ board, logbook }: BoardUnderTest): Promise<Posted> {
  const inputs = new Map<string, ReadonlyMap<string, string>>();
  const rows: JobRow[] = [];
  for (let index = 0; index < JOBS; index += 1) {
    const values: JsonObject = { region: at(REGIONS, index), size: index % 4, dry: index % 2 === 0, list: [1], [`only${index}`]: 'x' };
    const actor = { ...ana, name: at(PEOPLE, index >> 1) };
    const order = orderOf({ flow: at(FLOWS, index), version: 1 + (index % 5), actor, inputs: values });
    const { job } = await board.post(order, NOW + (index >> 1) * 1_000);
    inputs.set(job, new Map(searchedInputs(values).map(({ name, value }) => [name, value])));
    if (index % 3 !== 0) {
      const answer = await board.claimJob(job, 'c1', NOW);
      if (answer.kind !== 'claimed') throw new Error(`${job} was claimed by ${answer.by}`);
      const attention = index % 7 === 0 ? at(REASONS, index) : null;
      const state = attention === null && index % 5 !== 0 ? 'COMPLETE' : 'WAITING';
      const change = { ...RUNNING, state, run: at(RUNS, index), attention, startedAt: NOW } as const;
      await logbook.commit({ job, token: answer.claim.token, entries: [startEntry(2, answer.claim.token)], change });
    }
    const row = await board.get(job);
    if (row !== undefined) rows.push(row);
  }
  return { rows, inputs };
}

async function idsOf(
  board: JobBoard,
  filter: JobFilter,
  { limit, order }: { limit: number; order: 'newest' | 'oldest' },
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await board.list({ ...filter, limit, order, ...(cursor === '' ? {} : { cursor }) });
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.next;
  }
  return ids;
}

function filters(): fc.Arbitrary<JobFilter> {
  const some = <T>(list: readonly T[]) => fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 2 });
  const time = fc.integer({ min: -1, max: JOBS / 2 + 1 }).map((step) => NOW + step * 1_000);
  const input = fc.oneof(
    fc.record({ name: fc.constant('region'), values: some([...REGIONS, 'nowhere']) }),
    fc.record({ name: fc.constant('size'), values: some(['0', '3']) }),
    fc.record({ name: fc.constantFrom('dry', 'list', 'only7'), values: some(['true', 'x', '1']) }),
  );
  const text = fc.record({
    word: fc.constantFrom('eu', 'x', 'EU', '%'),
    flows: fc.subarray([...FLOWS], { maxLength: 1 }),
    idStart: fc.constant(null),
  });
  return fc.record(
    {
      states: some([...RUNS, 'COMPLETE', 'WAITING', 'UNCLAIMED', 'PENDING', 'TRASHED'] as const),
      flows: some([...FLOWS, 'flow_none']),
      versions: some([1, 2, 9]),
      by: some(['ana', 'Ada', 'a SCHEDULE', 'nobody']),
      since: time,
      until: time,
      attention: fc.oneof(fc.boolean(), some(REASONS)),
      inputs: fc.array(input, { minLength: 1, maxLength: 2 }),
      texts: fc.array(text, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
}

/** Registers the suite. `fresh` gives an empty board at each call. */
export function testJobSearch(name: string, fresh: () => Promise<BoardUnderTest>): void {
  describe(`job search: ${name}`, () => {
    it('J1: lists and counts exactly the jobs that pass a filter, in the order of posting, in pages of any size', async () => {
      const under = await fresh();
      const { rows, inputs } = await postMany(under);
      const none = new Map<string, string>();
      const check = async (filter: JobFilter, limit: number, order: 'newest' | 'oldest') => {
        const wanted = rows.filter((row) => passesFilter(row, inputs.get(row.id) ?? none, filter)).map(({ id }) => id);
        if (order === 'newest') wanted.reverse();
        expect(await idsOf(under.board, filter, { limit, order })).toEqual(wanted);
        expect(await under.board.count(filter, 1_000)).toEqual({ count: wanted.length, isExact: true });
      };
      await fc.assert(
        fc.asyncProperty(filters(), fc.constantFrom(3, 7, 200), fc.constantFrom('newest' as const, 'oldest' as const), check),
        { numRuns: 150 },
      );
    }, 60_000);

    it('a count stops at its limit, and says that it is not exact', async () => {
      const { board } = await fresh();
      for (let index = 0; index < 4; index += 1) await board.post(orderOf(), NOW);
      expect(await board.count({}, 3)).toEqual({ count: 3, isExact: false });
      expect(await board.count({}, 4)).toEqual({ count: 4, isExact: true });
    });

    it('a job is found by the beginning of its id, and by the value of an input unless the input is a password', async () => {
      const { board } = await fresh();
      const { job } = await board.post(orderOf({ inputs: { ticket: 'T-1', pin: '0000' }, unsearched: ['pin'] }), NOW);
      await board.post(orderOf(), NOW);
      const found = async (word: string, idStart: string | null = null) =>
        (await board.list({ texts: [{ word, flows: [], idStart }], limit: 9 })).rows.map(({ id }) => id);
      expect(await found(job.slice(0, 16), job.slice(0, 16))).toEqual([job]);
      expect(await found('T-1')).toEqual([job]);
      expect(await found('0000')).toEqual([]);
      expect((await board.list({ inputs: [{ name: 'pin', values: ['0000'] }], limit: 9 })).rows).toEqual([]);
    });

    it('a job posted while a list is read does not shift its pages', async () => {
      const { board } = await fresh();
      const jobs: string[] = [];
      for (let index = 0; index < 6; index += 1) jobs.push((await board.post(orderOf(), NOW + index)).job);
      const first = await board.list({ limit: 3 });
      await board.post(orderOf(), NOW + 100);
      const second = await board.list({ limit: 3, cursor: first.next ?? '' });
      expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual([...jobs].reverse());
    });
  });
}
