import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterOf } from './job-filter.ts';
import { parseSearch, writeSearch } from './parse-search.ts';
import { searchedInputs, unsearchedInputs } from './searched-inputs.ts';

const NOW = 1_790_000_000_000;
const flows = [
  { id: 'flow_1', name: 'Release a site' },
  { id: 'flow_2', name: 'Release a shop' },
];
const meaningOf = (text: string) => {
  const search = parseSearch(text);
  return search.kind === 'problem' ? search : filterOf(search, { now: NOW, me: 'Ana', flows });
};

test('every word of a search becomes a condition', () => {
  expect(
    meaningOf(
      'state:failed,revert-failed flow:"release A site" version:3,4 by:ada,me since:2h attention:held input.region:eu,us input.size:3 shop',
    ),
  ).toEqual({
    kind: 'filter',
    filter: {
      states: ['FAILURE', 'REVERT_FAILED'],
      flows: ['flow_1'],
      versions: [3, 4],
      by: ['ada', 'Ana'],
      since: NOW - 7_200_000,
      attention: ['held'],
      inputs: [
        { name: 'region', values: ['eu', 'us'] },
        { name: 'size', values: ['3'] },
      ],
      texts: [{ word: 'shop', flows: ['flow_2'], idStart: null }],
    },
  });
  expect(meaningOf('flow:release* attention:any')).toEqual({ kind: 'filter', filter: { flows: ['flow_1', 'flow_2'], attention: true } });
  expect(meaningOf('')).toEqual({ kind: 'filter', filter: {} });
});

test('since and until include a named day or minute', () => {
  const day = Date.UTC(2028, 1, 29);
  expect(meaningOf('since:2028-02-29 until:2028-02-29')).toMatchObject({ filter: { since: day, until: day + 86_400_000 } });
  expect(meaningOf('until:2028-02-29T08:30')).toMatchObject({ filter: { until: day + 8.5 * 3_600_000 + 60_000 } });
});

test('days are those of the calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
      const word = new Date(days * 86_400_000).toISOString().slice(0, 10);
      expect(meaningOf(`since:${word}`)).toMatchObject({ filter: { since: days * 86_400_000 } });
    }),
  );
  for (const wrong of ['2027-02-29', '2027-13-01', '2027-04-31', '2027-04-30T24:00'])
    expect(meaningOf(`since:${wrong}`).kind).toBe('problem');
});

test.each([
  ['state:happy', '“happy” is not a state', 6, 11],
  ['version:3 colour:red', '“colour” is not a search key', 10, 16],
  ['state:failed state:reverted', 'state is given twice; write state:one,another', 13, 27],
  ['flow:"Release', 'This quote is not closed.', 5, 13],
  ['by: ada', 'by: needs a value here, such as by:ada.', 0, 3],
  ['version:0', '“0” is not a version', 8, 9],
  ['since:yesterday', 'since takes one time', 0, 15],
  ['attention:maybe', '“maybe” is not a reason for attention', 10, 15],
  ['input:eu', 'Name the input', 0, 8],
  ['flow:Nothing', 'No flow is called “Nothing”.', 0, 12],
])('%s is answered with a sentence and its position', (text, message, start, end) => {
  const answer = meaningOf(text);
  expect(answer).toMatchObject({ kind: 'problem', start, end });
  expect(answer.kind === 'problem' && answer.message).toContain(message);
});

test('parsing written terms gives the same terms', () => {
  const word = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
  const words = fc.uniqueArray(word, { minLength: 1, maxLength: 3 });
  const place = { start: fc.constant(0), end: fc.constant(0) };
  const term = fc.oneof(
    fc.record({ kind: fc.constant('state' as const), words: fc.constant(['failed', 'claimed']), ...place }),
    fc.record({ kind: fc.constantFrom('flow' as const, 'by' as const), words, ...place }),
    fc.record({
      kind: fc.constant('version' as const),
      versions: fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 3 }),
      ...place,
    }),
    fc.record({ kind: fc.constant('input' as const), name: word, words, ...place }),
    fc.record({ kind: fc.constant('text' as const), word, ...place }),
  );
  const keyOf = (one: { kind: string; name?: string; word?: string }) =>
    one.kind === 'text' ? `text ${one.word}` : `${one.kind} ${one.name}`;
  fc.assert(
    fc.property(fc.uniqueArray(term, { maxLength: 6, selector: keyOf }), (terms) => {
      const read = parseSearch(writeSearch(terms));
      if (read.kind === 'problem') throw new Error(`${writeSearch(terms)}: ${read.message}`);
      expect(read.terms.map((one) => ({ ...one, start: 0, end: 0 }))).toEqual(terms);
    }),
  );
});

test('any text gives a search, or a problem with a position inside the text', () => {
  const part = fc.constantFrom('state:', 'input.', 'flow', ':', '"', '\\', ',', ' ', 'failed', '3', 'since:2h');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
      ),
      (text) => {
        const read = parseSearch(text);
        if (read.kind === 'search') return;
        expect(read.start).toBeGreaterThanOrEqual(0);
        expect(read.end).toBeGreaterThan(read.start);
        expect(read.end).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});

test('only short scalar inputs are searched, and no passwords', () => {
  const hidden = unsearchedInputs({
    type: 'object',
    properties: { pin: { type: 'string', format: 'password' }, note: { writeOnly: true }, ok: {} },
  });
  expect(hidden).toEqual(['pin', 'note']);
  expect(searchedInputs({ region: 'eu', size: 3, dry: false, none: null, list: [1], long: 'x'.repeat(201), pin: '1' }, hidden)).toEqual([
    { name: 'region', value: 'eu' },
    { name: 'size', value: '3' },
    { name: 'dry', value: 'false' },
  ]);
});
