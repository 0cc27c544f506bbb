// The entries that docs/engine.md shows are those of a run of today: each block of the page stands under a comment that
// names its run, and is compared with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FlowDefinition, FlowItem } from '../packages/engine/src/exports/definition.ts';
import { type Entry, type RollbackChoice, type Run, emptyRun, planRollback, replay } from '../packages/engine/src/exports/run.ts';
import { TestRun, fakeCatalog, flow, linear, task } from '../packages/engine/src/testing/index.ts';

const page = readFileSync(join(import.meta.dirname, 'engine.md'), 'utf8');
const blocks = new Map([...page.matchAll(/^<!-- run: (.*?) -->\n```text\n(.*?)^```$/gms)].map(([, name = '', text = '']) => [name, text]));

const failing = (atom: string, times = Infinity) => {
  let count = 0;
  return (call: { kind: string; atom: string }) => {
    if (call.kind !== 'apply' || call.atom !== atom || count >= times) return undefined;
    count += 1;
    return { fail: 'FAILED' };
  };
};
const test = (definition: FlowDefinition, script?: ConstructorParameters<typeof TestRun>[0]['script']) =>
  new TestRun({ definition, catalog: fakeCatalog, ...(script === undefined ? {} : { script }) });

const three = flow(linear('root', [task('a'), task('b'), task('c')]));
const each = flow(
  linear('root', [
    {
      ...linear('hosts', [task('attach')]),
      pattern: 'for_each',
      limit: 1,
      forEach: { list: { from: 'constant', value: ['north', 'south'] }, collect: 'attach' },
    },
    task('tell'),
  ]),
);
const box = { ...linear('box', [task('b')]), retry: { id: 'r', strategy: { kind: 'times', attempts: 2, revertAll: false } } } as const;
const retried = flow(linear('root', [task('a'), box as unknown as FlowItem]));
/** `x` fails, and the flow goes on with `y`; `w` follows `x`. */
const caught = flow({
  ...linear('root', [task('a'), task('x'), task('w'), task('y')]),
  pattern: 'graph',
  links: [
    { id: 'ax', from: 'a', to: 'x' },
    { id: 'xw', from: 'x', to: 'w' },
    { id: 'xy', from: 'x', to: 'y', onFailure: true },
  ],
} as unknown as FlowItem);

function rolledBack(): TestRun {
  const run = test(three).go();
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['b'], leaveOut: [] };
  run.act({ kind: 'ROLL_BACK', reason: 'b was wrong', choice, hash: planRollback(run.run, choice).hash });
  return run.finish();
}

const runs: { readonly [name: string]: TestRun } = {
  'a linear flow that fails': test(three, failing('b')).go(),
  'a for-each': test(each).go(),
  'a retry': test(retried, failing('b', 1)).go(),
  'a catch': test(caught, failing('x')).go(),
  'a rollback by hand': rolledBack(),
};

/** One line an entry: its number, what it says, and the counters after it. */
function told({ entries, flow }: TestRun): string {
  const state = emptyRun(flow);
  const lines = entries.map((entry) => {
    replay(state, [entry]);
    return [String(entry.number).padStart(2), wordsOf(entry), countersOf(state)] as const;
  });
  const width = Math.max(...lines.map(([, words]) => words.length));
  return lines.map(([number, words, counters]) => `${`${number}  ${words.padEnd(width)}  ${counters}`.trimEnd()}\n`).join('');
}

function wordsOf(entry: Entry): string {
  switch (entry.kind) {
    case 'JOB':
      return `job   ${entry.from ?? 'posted'} → ${entry.to}`;
    case 'RUN':
      return `run   ${entry.from} → ${entry.to}`;
    case 'ATOM':
      return `${entry.atom.padEnd(5)} ${entry.from} → ${entry.to}`;
    case 'MARK':
      return `${entry.atom.padEnd(5)} mark ${entry.mark}`;
    case 'ACT':
      return `act   ${entry.act}: ${entry.reason}`;
  }
}

/** `a0 b1`: a waits for nothing, b for one. Forward while the run goes on, backward while something is being undone. */
function countersOf(run: Run): string {
  const isUndoing = run.undo !== null && run.undo.scopes.size > 0;
  if (!isUndoing && run.state !== 'RUNNING') return '';
  const counters = isUndoing ? run.undo?.waitingFor : run.progress.waitingFor;
  const words = run.flow.atoms.map(({ address, node }) => `${address} ${counters?.[node] ?? 0}`);
  return `${isUndoing ? 'undo' : 'forward'}: ${words.join(', ')}`;
}

describe('docs/engine.md', () => {
  it('shows each run, and no other', () => {
    expect([...blocks.keys()].sort()).toEqual(Object.keys(runs).sort());
  });

  it.each(Object.keys(runs))('%s: entry by entry as it is recorded, with its counters', (name) => {
    const run = runs[name];
    expect(blocks.get(name)).toBe(run === undefined ? '' : told(run));
  });
});
