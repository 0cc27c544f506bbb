// T1, L2: the report names the undone tasks with the person, and the standing tasks with the reason.
import { expect, it } from 'vitest';
import { fakeCatalog, flow, linear, task, unordered } from '../../testing/flows.ts';
import { type Script, TestRun } from '../../testing/run-in-memory.ts';
import { restoreRun, snapshotOf } from '../state/snapshot/snapshot-of.ts';
import { planRollback } from './plan-rollback.ts';
import type { RollbackChoice } from './rollback-choice.ts';
import { rollbackReport } from './rollback-report.ts';

const script: Script = ({ kind, atom }) => (kind === 'revert' && (atom === 'hand' || atom === 'used') ? { fail: 'NO' } : undefined);
const tasks = ['a', 'hand', 'used', 'left'].map((id) => task(id));
const root = unordered('f', [...tasks, task('mail', { type: 'send' }), task('look', { type: 'pure' })]);

it('T1, L2: names every task once: reverted, without effect, undone by hand, standing, with reasons and persons', () => {
  const test = new TestRun({ definition: flow(root), catalog: fakeCatalog, script }).go();
  const choice: RollbackChoice = {
    ...{ kind: 'atoms', atoms: ['a', 'hand', 'used', 'mail', 'look'] },
    leaveOut: [{ atom: 'left', reason: 'needed until Monday' }],
  };
  const plan = planRollback(test.run, choice);
  const drift = [{ atom: 'a', difference: 'the file is another one' }];
  test.act({ kind: 'ROLL_BACK', reason: 'wrong town', choice, hash: plan.hash, drift });
  expect(rollbackReport(test.run, plan)).toMatchObject({ open: ['used', 'hand', 'a'], nothing: ['look'], reverted: [] });
  test.finish();
  test.act({ kind: 'MARK_REVERTED', reason: 'removed it', atom: 'hand' });
  test.act({ kind: 'KEEP', reason: 'somebody uses it', atom: 'used' }).finish();
  expect(test.run.state).toBe('PARTIALLY_REVERTED');
  const report = {
    ...{ by: 'ana', reason: 'wrong town', drift, reverted: ['a'], nothing: ['look'], open: [] },
    byHand: [{ atom: 'hand', because: 'removed it', by: 'ana' }],
    standing: [
      { atom: 'used', because: 'somebody uses it', by: 'ana' },
      { atom: 'left', because: 'needed until Monday', by: 'ana' },
      { atom: 'mail', because: 'it is sent', by: null },
    ],
  };
  expect(rollbackReport(test.run, plan)).toEqual(report);
  expect(rollbackReport(restoreRun(test.flow, snapshotOf(test.run)), plan)).toEqual(report);
  const snapshot = snapshotOf(test.run);
  expect(snapshot.atoms.find(({ atom }) => atom === 'hand')).toMatchObject({ note: 'removed it', byHand: true });
  // Entries of older versions have words before the reason.
  const older = snapshot.atoms.map((one) => (one.atom === 'hand' ? { ...one, note: `undone by hand: ${one.note}` } : one));
  expect(rollbackReport(restoreRun(test.flow, { ...snapshot, atoms: older }), plan)).toEqual(report);
  expect(rollbackReport(test.crash().run, plan)).toEqual(report);
});

it('T1: a task after whose failed revert the rollback stopped stands, as its revert waits', () => {
  const test = new TestRun({ definition: flow(linear('f', [task('a'), task('hand')])), catalog: fakeCatalog, script }).go();
  const plan = planRollback(test.run, { kind: 'job' });
  test.act({ kind: 'ROLL_BACK', reason: '', choice: { kind: 'job' }, hash: plan.hash }).finish();
  expect(rollbackReport(test.run, plan)).toMatchObject({
    ...{ reverted: [], open: [], reason: '' },
    standing: [
      { atom: 'a', because: 'it waits for the revert of what comes after it', by: null },
      { atom: 'hand', because: 'its revert failed', by: null },
    ],
  });
});

it('T1: counts the effects that the state of the run counts: a task without effect outside the plan is none of them', () => {
  const items = [task('name', { type: 'pure' }), task('file'), task('note')];
  const test = new TestRun({ definition: flow(linear('f', items)), catalog: fakeCatalog }).go();
  const choice: RollbackChoice = { kind: 'atoms', atoms: ['file'], leaveOut: [{ atom: 'note', reason: 'somebody reads it' }] };
  const plan = planRollback(test.run, choice);
  expect(plan.standing.map(({ atom }) => atom)).toEqual(['name', 'note']);
  test.act({ kind: 'ROLL_BACK', reason: '', choice, hash: plan.hash });
  const ofReport = () => rollbackReport(test.run, plan).standing.map(({ atom }) => atom);
  expect(ofReport()).toEqual(['note']);
  test.finish();
  expect([test.run.standing.map(({ atom }) => atom), ofReport()]).toEqual([['note'], ['note']]);
});
