import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATOM_STATES, ATOM_TRANSITIONS, JOB_STATES, JOB_TRANSITIONS, RUN_STATES, RUN_TRANSITIONS } from './states.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/states.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| [A-Z_]+ \|/.test(line));

describe('docs/states.md', () => {
  it('has every legal transition with its reason, and no other', () => {
    const wanted = [...ATOM_TRANSITIONS, ...RUN_TRANSITIONS, ...JOB_TRANSITIONS].map(
      ({ from, to, reason }) => `| ${from} | ${to} | ${reason} |`,
    );
    expect(rows).toEqual(wanted);
  });

  it('names every state', () => {
    for (const state of [...ATOM_STATES, ...RUN_STATES, ...JOB_STATES]) expect(page).toContain(state);
  });
});

describe('the tables', () => {
  it.each([
    ['atom', ATOM_TRANSITIONS],
    ['run', RUN_TRANSITIONS],
    ['job', JOB_TRANSITIONS],
  ] as const)('have each transition of a %s once', (_, table) => {
    const pairs = table.map(({ from, to }) => `${from}>${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
