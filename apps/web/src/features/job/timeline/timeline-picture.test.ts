import { expect, it } from 'vitest';
import type { Timeline } from './timeline-model.ts';
import { timelinePicture } from './timeline-picture.ts';

const style = { title: 'Release <b>', now: 5_000, colour: (name: string) => `#${name.length}` };
const timeline = (lanes: number): Timeline => ({
  lanes: Array.from({ length: lanes }, (_, index) => ({
    id: `t${index}`,
    name: index === 0 ? '<script>alert(1)</script>\u0000' : `task ${index}`,
    kind: 'task',
    bars: [
      { kind: 'apply', from: 1_000, to: 2_000, hue: 'success', attempt: 1 },
      { kind: 'revert', from: 3_000, to: null, hue: 'failed', attempt: 1 },
    ],
  })),
  marks: [{ kind: 'act', time: 2_500, number: 4, label: 'ana: roll back ("why")' }],
  from: 1_000,
  to: 4_000,
  going: true,
});

it('a picture is an XML document by itself, whatever names and reasons hold', () => {
  const picture = timelinePicture(timeline(2), style);
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(picture).not.toContain('<script>');
  expect(picture).not.toContain('\u0000');
  expect(picture).toContain('&lt;script&gt;alert(1)&lt;/script');
  expect(picture).toContain('ana: roll back (&quot;why&quot;)');
  expect(picture.match(/fill="url\(#stuck\)"/g)).toHaveLength(2);
  expect(picture).not.toMatch(/NaN|undefined|Infinity/);
});

it('a picture of very many lanes says what it leaves out', () => {
  expect(timelinePicture(timeline(1_203), style)).toContain('and 203 more lanes');
});
