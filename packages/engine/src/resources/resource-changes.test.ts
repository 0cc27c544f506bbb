// Z2: the ledger, which commits change step by step, equals what the logbook says is held.
import { expect, it } from 'vitest';
import { fakeCatalog, flow, linear, task } from '../testing/flows.ts';
import { type Script, TestRun } from '../testing/run-in-memory.ts';
import { flowItemSchema, retrySchema } from '../definition/schema.ts';
import type { HeldResource } from './ledger.ts';
import { heldResources, resourceChanges } from './resource-changes.ts';

/** Changes the ledger as commits do, entry by entry, and compares it after each turn. */
class FollowedRun {
  readonly test: TestRun;
  readonly ledger = new Map<string, HeldResource>();
  #seen = 0;

  constructor(items: Parameters<typeof linear>[1], script: Script) {
    this.test = new TestRun({ definition: flow(linear('f', items)), catalog: fakeCatalog, script }).claim();
  }

  follow(): this {
    const { run, entries } = this.test;
    for (const { atom, held } of resourceChanges(run, entries.slice(this.#seen))) {
      if (held === null) this.ledger.delete(atom);
      else this.ledger.set(atom, held);
    }
    this.#seen = entries.length;
    expect([...this.ledger.values()], `after entry ${this.#seen}`).toEqual(heldResources(run));
    return this;
  }

  /** Answers calls until none is pending, or until `atom` is being applied. */
  until(atom: string | null): this {
    const isApplied = () => this.test.pending.some((command) => command.call.kind === 'apply' && command.call.atom === atom);
    this.follow();
    while ((this.test.pending.length > 0 || this.test.wakeAt !== null) && !isApplied()) {
      this.test.answerNext();
      this.follow();
    }
    return this;
  }
}

/** The last stage fails in its first attempt, and so do all its reverts. */
const stuck: Script = ({ kind, atom, attempt }) =>
  atom === 'm.acquire' && (kind === 'revert' || attempt === 1) ? { fail: 'BROKEN' } : undefined;

it('Z2: a kept stage that a new pass begins again leaves the ledger before the stage is applied', () => {
  const followed = new FollowedRun([task('a'), task('m', { type: 'leased', revertPolicy: { attempts: 1, delayMs: 0 } })], stuck).until(
    null,
  );
  const { test } = followed;
  expect(test.run.state).toBe('REVERT_FAILED');
  test.act({ kind: 'KEEP', reason: 'in use', atom: 'm.acquire' });
  followed.until(null);
  expect([test.run.state, [...followed.ledger.keys()]]).toEqual(['PARTIALLY_REVERTED', ['m']]);
  test.act({ kind: 'APPLY_AGAIN', reason: '', parameters: {} });
  followed.follow();
  expect([test.states['a'], test.states['m.acquire'], [...followed.ledger.keys()]]).toEqual(['RUNNING', 'PENDING', []]);
  followed.until(null);
  expect([test.run.state, [...followed.ledger.keys()]]).toEqual(['SUCCESS', ['m']]);
});

it('Z2: a kept stage that a retry begins again leaves the ledger before the stage is applied', () => {
  const retry = retrySchema.parse({ id: 'r', strategy: { kind: 'times', attempts: 2 } });
  const items = [task('a'), task('m', { type: 'leased', revertPolicy: { attempts: 1, delayMs: 0 } })];
  const followed = new FollowedRun([flowItemSchema.parse({ ...linear('box', items), retry })], stuck).until(null);
  const { test } = followed;
  expect(test.run.state).toBe('REVERT_FAILED');
  test.act({ kind: 'KEEP', reason: 'in use', atom: 'm.acquire' });
  followed.until('a');
  expect([test.states['m.acquire'], [...followed.ledger.keys()]]).toEqual(['PENDING', []]);
  followed.until(null);
  expect([test.run.state, [...followed.ledger.keys()]]).toEqual(['SUCCESS', ['m']]);
});
