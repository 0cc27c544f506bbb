import { describe, expect, it } from 'vitest';
import { timeOfText } from './time-text.ts';

describe('a time as text', () => {
  it.each([
    ['2030-01-31T08:00:00Z', '2030-01-31T08:00:00.000Z'],
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
    ['2030-01-31T08:00Z', '2030-01-31T08:00:00.000Z'],
    ['2030-01-31t08:00:00.25z', '2030-01-31T08:00:00.250Z'],
    ['2030-01-31T08:00:00.123456789Z', '2030-01-31T08:00:00.123Z'],
    ['2030-01-31T08:00:00+01:00', '2030-01-31T07:00:00.000Z'],
    ['2030-01-31T08:00:00-0530', '2030-01-31T13:30:00.000Z'],
    ['0030-01-31T08:00:00Z', '0030-01-31T08:00:00.000Z'],
  ])('%s is %s', (text, time) => expect(new Date(timeOfText(text)).toISOString()).toBe(time));

  it.each([
    ['tomorrow', /is not a time/],
    ['', /is not a time/],
    ['2030-01-31', /is not a time/],
    ['2030-01-31T08:00:00', /is not a time/],
    ['2030-01-31T08:00:00 Z', /is not a time/],
    ['2030-01-31T8:00:00Z', /is not a time/],
    ['12030-01-31T08:00:00Z', /is not a time/],
    ['2030-01-31T08:00:00+1', /is not a time/],
    ['2027-02-29T08:00:00Z', /names a day that does not exist/],
    ['2100-02-29T08:00:00Z', /names a day that does not exist/],
    ['2030-02-30T08:00:00Z', /names a day that does not exist/],
    ['2030-04-31T08:00:00Z', /names a day that does not exist/],
    ['2030-13-01T08:00:00Z', /names a day that does not exist/],
    ['2030-00-01T08:00:00Z', /names a day that does not exist/],
    ['2030-01-00T08:00:00Z', /names a day that does not exist/],
    ['2030-01-31T24:00:00Z', /names a time of day that does not exist/],
    ['2030-01-31T08:60:00Z', /names a time of day that does not exist/],
    ['2030-01-31T08:00:60Z', /names a time of day that does not exist/],
    ['2030-01-31T08:00:00+24:00', /has a zone that does not exist/],
    ['2030-01-31T08:00:00+01:60', /has a zone that does not exist/],
    ['2030-01-31T08:00:00-99:00', /has a zone that does not exist/],
  ])('%j is refused as TIME_INVALID', (text, words) => {
    expect(() => timeOfText(text)).toThrow(words);
    expect(() => timeOfText(text)).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }));
  });

  it('reads the times of all years that have four digits', () => {
    const [first, last] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
    for (let time = first; time <= last; time += 371.123_457 * 86_400_000) {
      const date = new Date(time);
      expect(timeOfText(date.toISOString())).toBe(date.getTime());
    }
  });
});
