// The name __proto__ in all that a person gives with an act; names.test.ts has the other places.
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../json.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import type { Act } from './act.ts';
import { refusalOf } from './refuse.ts';

const member = JSON.parse('{"id":"x","__proto__":{"id":"y"}}') as JsonObject;
const inside = JSON.parse('{"id":"x","in":[{"__proto__":1}]}') as JsonObject;

const broken: Script = ({ kind, atom }) => {
  if (kind === 'apply') return atom === 'b' ? { fail: 'BROKEN' } : { output: { id: 'old' } };
  return kind === 'revert' ? { fail: 'BROKEN' } : undefined;
};
const runOf = (script: Script, items = [task('a', { type: 'mendable' }), task('b')]) =>
  new TestRun({ definition: flow(linear('root', items), { onFailure: 'hold' }), catalog: fakeCatalog, script }).go();
const held = () => runOf(broken);
const whole = (test: TestRun, outputs: JsonObject = {}) => {
  const choice = { kind: 'job' } as const;
  return { kind: 'ROLL_BACK', reason: 'why', choice, hash: planRollback(test.run, choice).hash, outputs } as Act;
};
const stuck = () => {
  const test = runOf(broken, [task('a', { type: 'mendable' })]);
  return test.act(whole(test)).finish();
};
const doubted = () => {
  const test = new TestRun({ definition: flow(linear('root', [task('a', { type: 'once' })])), catalog: fakeCatalog }).claim();
  return test.crash().claim('may live');
};

const given: Record<string, readonly [at: () => TestRun, act: (test: TestRun, value: JsonObject) => Act]> = {
  'an edited input, at a retry': [held, (_, value) => ({ kind: 'RETRY_FAILED', reason: 'why', parameters: { b: value } })],
  'outputs, at a skip': [held, (_, output) => ({ kind: 'SKIP_FAILED', reason: 'why', atom: 'b', output })],
  'the data of a signal': [held, (_, data) => ({ kind: 'SIGNAL', reason: '', name: 'go', data })],
  'an edited saved output, at a rollback': [held, (test, value) => whole(test, { a: value })],
  'an edited saved output, at another try of a revert': [
    stuck,
    (_, output) => ({ kind: 'RETRY_REVERT', reason: 'why', atom: 'a', output }),
  ],
  'an output, at a settled doubt': [
    doubted,
    (_, output) => ({ kind: 'SETTLE_DOUBT', reason: 'why', atom: 'a', answer: { kind: 'happened', output } }),
  ],
  'an edited input, at applying again': [
    () => {
      const test = runOf(() => undefined);
      return test.act(whole(test)).finish();
    },
    (_, value) => ({ kind: 'APPLY_AGAIN', reason: 'why', parameters: { a: value } }),
  ],
};

it.each(Object.entries(given))('S4, B7: the name __proto__ is refused by name in %s, and nothing is recorded', (_, [at, act]) => {
  for (const value of [member, inside]) {
    const test = at();
    const refused = act(test, value);
    expect(refusalOf(test.run, refused)?.message).toContain('"__proto__"');
    const before = test.entries.filter(({ kind }) => kind === 'ACT').length;
    test.act(refused);
    expect([test.answered?.kind, test.entries.filter(({ kind }) => kind === 'ACT').length]).toEqual(['refused', before]);
    // The same act without that name is carried out.
    const fitting: Json = { id: 'x' };
    expect(refusalOf(at().run, act(at(), fitting as JsonObject))).toBeNull();
  }
});

it('B7: an act on a task called as every object inherits is refused, unless the flow has that task', () => {
  for (const atom of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const test = held();
    expect(refusalOf(test.run, { kind: 'SKIP_FAILED', reason: 'why', atom, output: {} })?.message).toContain(`no task "${atom}"`);
    const parameters = JSON.parse(`{"${atom}":{"x":1}}`) as Record<string, JsonObject>;
    expect(refusalOf(test.run, { kind: 'RETRY_FAILED', reason: 'why', parameters })?.message).toContain(`no task "${atom}"`);
    expect(planRollback(test.run, { kind: 'atoms', atoms: [atom], leaveOut: [] }).blocked).toContain(`no task "${atom}"`);
  }
});
