// A call was told to stop and had not ended when its conductor lost the claim (R11): it has ended with its process if that
// process is known to be dead; else A4 decides, as the process may live on another host and the call may still take effect.
import { describe, expect, it } from 'vitest';
import { taskItemSchema } from '../../definition/schema.ts';
import { fakeCatalog, flow, linear, task } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { planRollback } from '../plan/plan-rollback.ts';
import { atomIndex } from '../graph/index-spaces.ts';

/** `a` of that type is past its time limit, and its call is ending. */
function ending(type: string, script: Script = () => undefined): TestRun {
  const item = taskItemSchema.parse({ ...task('a', { type }), timeLimitMs: 150 });
  return new TestRun({ definition: flow(linear('f', [item])), catalog: fakeCatalog, script }).claim().passTime();
}
const kinds = (test: TestRun) => test.pending.map(({ call: { kind } }) => kind);
const attention = (test: TestRun) => [test.run.job, test.run.attention];

describe('of an apply', () => {
  it.each(['once', 'probed', 'step'])('R11: counts as ended if its process is known to be dead, type %s', (type) => {
    const test = ending(type).crash().claim('dead');
    expect([kinds(test), test.story.at(-2)]).toEqual([['revert'], 'a ENDED']);
    expect(test.finish().run.state).toBe('REVERTED');
  });

  it('A4: is in doubt if its process may live and its type may not be repeated, and the reason is given', () => {
    const test = ending('once').crash().claim('may live');
    expect([kinds(test), ...attention(test)]).toEqual([[], 'WAITING', 'in_doubt']);
    expect(test.run.atoms[atomIndex(0)]).toMatchObject({ state: 'FAILURE', failure: { code: 'TIMEOUT' } });
    expect(test.run.atoms[atomIndex(0)]?.inDoubt).toContain('c1 lost the claim');
    const settle = { kind: 'SETTLE_DOUBT', reason: 'it has ended', atom: 'a' } as const;
    expect(test.act({ ...settle, answer: { kind: 'repeat' } }).answered?.kind).toBe('refused');
    test.act({ ...settle, answer: { kind: 'failed' } });
    expect([kinds(test), test.finish().run.state]).toEqual([['revert'], 'REVERTED']);
  });

  it('A4: stays in doubt however often the job is claimed', () => {
    const test = ending('once').crash().claim('may live').crash().claim('dead');
    expect([kinds(test), ...attention(test)]).toEqual([[], 'WAITING', 'in_doubt']);
  });

  it('A4: goes on if its type may be repeated', () => {
    const test = ending('step').crash().claim('may live');
    expect([kinds(test), test.finish().run.state]).toEqual([['revert'], 'REVERTED']);
  });

  it.each([
    ['yes', ['revert']],
    ['no', ['revert']],
    ['unknown', []],
  ] as const)('A4: is asked of its probe, which says %s', (happened, next) => {
    const test = ending('probed', () => ({ happened }))
      .crash()
      .claim('may live');
    expect(kinds(test)).toEqual(['probe']);
    test.answerNext();
    expect([kinds(test), test.run.attention]).toEqual([next, next.length === 0 ? 'in_doubt' : null]);
  });

  it('A4: is probed again when the probing conductor has died, because an earlier conductor had made the call', () => {
    const test = ending('probed').crash().claim('may live').advance(10).crash().claim('dead');
    expect(kinds(test)).toEqual(['probe']);
  });

  it('R11: is in doubt after 30 s if its probe does not answer', () => {
    const test = ending('probed').crash().claim('may live').passTime();
    expect([test.run.overdue, test.run.job]).toEqual([1, 'CLAIMED']);
    test.crash().claim('may live');
    expect(kinds(test)).toEqual(['probe']);
    expect(test.finish().run.state).toBe('REVERTED');
  });
});

describe('of a revert', () => {
  const reverting = (type: string, { attempts = 2, script }: { attempts?: number; script?: Script } = {}) => {
    const item = taskItemSchema.parse({ ...task('a', { type, revertPolicy: { attempts, delayMs: 0 } }), timeLimitMs: 150 });
    const test = new TestRun({ definition: flow(linear('f', [item])), catalog: fakeCatalog, ...(script ? { script } : {}) }).go();
    const choice = { kind: 'job' } as const;
    return test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: planRollback(test.run, choice).hash }).passTime();
  };

  it.each(['dead', 'may live'] as const)('R11, A4: is tried again if it may be repeated, its process %s', (former) => {
    const test = reverting('step').crash().claim(former);
    expect(test.finish().run.state).toBe('REVERTED');
    expect(test.story.filter((line) => line === 'a ENDED')).toHaveLength(1);
  });

  it.each([1, 2])('A4: is in doubt if it may not be repeated and its process may live, with %i attempts', (attempts) => {
    const test = reverting('reverts_once', { attempts }).crash().claim('may live');
    expect([kinds(test), ...attention(test)]).toEqual([[], 'WAITING', 'in_doubt']);
    // Its back-off is over, and it is not called.
    test.advance(60_000).claim('dead');
    expect([kinds(test), ...attention(test)]).toEqual([[], 'WAITING', 'in_doubt']);
    test.act({ kind: 'SETTLE_DOUBT', reason: 'it is gone', atom: 'a', answer: { kind: 'happened', output: {} } });
    expect([test.finish().run.state, test.run.atoms[atomIndex(0)]?.byHand]).toEqual(['REVERTED', true]);
  });

  it('A4: goes on with its next attempt when a person says that it failed', () => {
    const test = reverting('reverts_once').crash().claim('may live');
    test.act({ kind: 'SETTLE_DOUBT', reason: 'looked', atom: 'a', answer: { kind: 'failed' } }).finish();
    expect([test.run.state, test.calls]).toEqual(['REVERTED', ['apply a', 'revert a']]);
  });

  it.each([
    ['yes', 'REVERTED', []],
    ['no', 'REVERTED', ['revert a']],
  ] as const)('A4: is asked of its probe, which says %s', (happened, state, calls) => {
    const script: Script = ({ kind }) => (kind === 'probeRevert' ? { happened } : undefined);
    const test = reverting('undo_probed', { script }).crash().claim('may live');
    expect(kinds(test)).toEqual(['probeRevert']);
    test.finish();
    expect([test.run.state, test.calls.slice(2)]).toEqual([state, calls]);
  });

  it('A4: is in doubt if its probe answers unknown', () => {
    const script: Script = ({ kind }) => (kind === 'probeRevert' ? { happened: 'unknown' } : undefined);
    const test = reverting('undo_probed', { script }).crash().claim('may live').answerNext();
    expect([kinds(test), ...attention(test)]).toEqual([[], 'WAITING', 'in_doubt']);
  });
});
