// P6, I3, I5: random lists and passes, with random iterations kept in each rollback. A model that knows only the elements says
// what is right: each element of the present list is applied once, none that stands is applied again, and every standing effect
// is undone at the end.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flowItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import type { RollbackChoice } from '../plan/rollback-choice.ts';
import { type RunCheckpoint, checkpointOf, restoreCheckpoint } from './checkpoint/checkpoint.ts';

const RUNS = Math.ceil(Number(process.env['WINDLASS_SIMULATIONS'] ?? 10_000) / 20);

interface Element {
  readonly id: number;
  readonly size: number;
}
interface Story {
  readonly lists: readonly Element[][];
  /** For each pass, the standing iterations that are kept, as bits. */
  readonly left: readonly number[];
  readonly keyed: boolean;
  readonly limit: number;
  /** Number of answers after which the process dies, and after which the run is restored from a checkpoint. */
  readonly kill: number;
  readonly restore: number;
}

/** Standing effects by the key of their element, according to the calls. */
class World {
  readonly standing = new Map<string, string>();
  readonly keyOf: (element: Element) => string;

  constructor(keyOf: (element: Element) => string) {
    this.keyOf = keyOf;
  }

  hear(call: string, who: Element | undefined): void {
    const [kind, atom = ''] = call.split(' ');
    if (!atom.endsWith('.x')) return;
    if (kind === 'revert') this.standing.delete(atom);
    else if (who !== undefined) {
      expect(this.standing.get(atom), `${atom} is done again while it stands`).toBeUndefined();
      this.standing.set(atom, this.keyOf(who));
    }
  }

  count(key: string): number {
    return [...this.standing.values()].filter((one) => one === key).length;
  }
}

function tell({ lists, left, keyed, limit, kill, restore }: Story): void {
  const each = flowItemSchema.parse({
    ...linear('p', [task('x', { bindings: { who: { from: 'output', item: 'p', path: 'element' } } })]),
    pattern: 'for_each',
    limit,
    forEach: { list: { from: 'output', item: 'src', path: 'list' }, ...(keyed ? { key: 'element.id' } : {}) },
  });
  const world = new World(({ id, size }) => (keyed ? String(id) : `${id} ${size}`));
  const test = new TestRun({
    definition: flow(linear('f', [task('src', { type: 'lists', parameters: { lists: lists as never } }), each])),
    catalog: fakeCatalog,
    script: ({ kind, atom, input }) => {
      world.hear(`${kind} ${atom}`, (input as { who?: Element }).who);
      return undefined;
    },
  }).claim();
  let answers = 0;
  const finish = () => {
    for (; test.pending.length > 0; answers += 1) {
      if (answers === kill) {
        test.crash();
        if (test.run.job === 'CLAIMED') test.claim();
      }
      if (answers === restore) {
        const restoring = restoreCheckpoint(test.flow, JSON.parse(JSON.stringify(checkpointOf(test.run))) as RunCheckpoint);
        for (let step = restoring.next(); ; step = restoring.next()) {
          if (!step.done) continue;
          test.run = step.value;
          break;
        }
      }
      if (test.pending.length > 0) test.answerNext();
    }
  };
  const rollBack = (choice: RollbackChoice) => {
    const { hash, blocked } = planRollback(test.run, choice);
    expect(blocked).toBeNull();
    test.act({ kind: 'ROLL_BACK', reason: '', choice, hash });
    finish();
  };
  finish();
  left.forEach((bits, pass) => {
    const standing = [...world.standing.keys()].filter((_, at) => (bits >> at) % 2 === 1);
    rollBack({ kind: 'atoms', atoms: ['src'], leaveOut: standing.map((atom) => ({ atom, reason: 'in use' })) });
    expect([...world.standing.keys()]).toEqual(standing);
    const stood = new Map(world.standing);
    test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
    finish();
    expect(test.run.state).toBe('SUCCESS');
    // Each element stands as often as the list contains it, or as often as it stood before.
    const list = (lists[(pass + 1) % lists.length] ?? []).map((one) => world.keyOf(one));
    for (const key of new Set([...list, ...stood.values()])) {
      const before = [...stood.values()].filter((one) => one === key).length;
      const wanted = list.filter((one) => one === key).length;
      expect(world.count(key), `${key} in pass ${pass}`).toBeGreaterThanOrEqual(wanted);
      expect(world.count(key), `${key} in pass ${pass}`).toBeLessThanOrEqual(before + wanted);
    }
    for (const atom of stood.keys()) expect(world.standing.has(atom)).toBe(true);
  });
  rollBack({ kind: 'job' });
  expect(test.run.state).toBe('REVERTED');
  expect([...world.standing.keys()]).toEqual([]);
}

const element = fc.record({ id: fc.nat({ max: 3 }), size: fc.nat({ max: 1 }) });
const story: fc.Arbitrary<Story> = fc.record({
  lists: fc.array(fc.array(element, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  left: fc.array(fc.nat({ max: 255 }), { maxLength: 3 }),
  keyed: fc.boolean(),
  limit: fc.integer({ min: 1, max: 3 }),
  kill: fc.nat({ max: 30 }),
  restore: fc.nat({ max: 30 }),
});

it(
  `P6, I3: over ${RUNS} random lists and passes, no element is applied twice, none is missed, and every effect is undone at the end`,
  () => {
    fc.assert(fc.property(story, tell), { numRuns: RUNS, seed: Number(process.env['WINDLASS_SEED'] ?? 1) });
  },
  600_000 + 60 * RUNS,
);
