import type { PlannedUndo, RollbackPlan } from '@windlass/engine/run';
import { expect, it } from 'vitest';
import { type Boxes, isTicked, leftOutFor, marked, takenIn, toggled, unsettledOf } from './plan-boxes.ts';

// Three tasks in a row: two and three depend on one.
const undoable = ['one', 'two', 'three'];
const undo = (atom: string, dependant: boolean) => ({ atom, dependant, action: 'revert' }) as PlannedUndo;
const planOf = (...undone: PlannedUndo[]) => ({ waves: undone.map((one) => [one]) }) as unknown as RollbackPlan;
const whole: Boxes = { choice: { kind: 'job' }, unticked: new Set() };
const fromOne: Boxes = { choice: { kind: 'atoms', atoms: ['one'], leaveOut: [] }, unticked: new Set() };
const planOfOne = planOf(undo('three', true), undo('two', true), undo('one', false));
const tickedIn = (boxes: Boxes, plan: RollbackPlan) => undoable.filter((atom) => isTicked(atom, boxes, plan));

it('B1: shows a dependant as ticked, since the plan reverts it', () => {
  expect(tickedIn(fromOne, planOfOne)).toEqual(undoable);
});

it('B1: an unticked dependant is unsettled until a reason is given, or it is ticked again', () => {
  const unticked = marked('two', fromOne);
  expect(tickedIn(unticked, planOfOne)).toEqual(['one', 'three']);
  expect(unsettledOf(planOfOne, unticked.unticked)).toEqual(['two']);
  expect(unsettledOf(planOfOne, marked('two', unticked).unticked)).toEqual([]);
  const settled = leftOutFor('in use', 'two', unticked);
  expect(settled.choice).toEqual({ kind: 'atoms', atoms: ['one'], leaveOut: [{ atom: 'two', reason: 'in use' }] });
  const planWithoutTwo = planOf(undo('three', true), undo('one', false));
  expect(unsettledOf(planWithoutTwo, settled.unticked)).toEqual([]);
  expect(tickedIn(settled, planWithoutTwo)).toEqual(['one', 'three']);
  expect(takenIn('two', settled)).toEqual(fromOne);
});

it('B1: a chosen task that is unticked and comes back as a dependant is unsettled', () => {
  const plan = planOf(undo('three', false), undo('two', false), undo('one', false));
  const without = toggled('three', whole, { plan, undoable });
  expect(without.choice).toEqual({ kind: 'atoms', atoms: ['one', 'two'], leaveOut: [] });
  const after = planOf(undo('three', true), undo('two', false), undo('one', false));
  expect(tickedIn(without, after)).toEqual(['one', 'two']);
  expect(unsettledOf(after, without.unticked)).toEqual(['three']);
  expect(unsettledOf(after, toggled('three', without, { plan: after, undoable }).unticked)).toEqual([]);
});

it('B1: keeps the reasons already given when another task is chosen', () => {
  const settled = leftOutFor('in use', 'two', fromOne);
  const plan = planOf(undo('one', false));
  const more = toggled('three', settled, { plan, undoable });
  expect(more.choice).toEqual({ kind: 'atoms', atoms: ['one', 'three'], leaveOut: [{ atom: 'two', reason: 'in use' }] });
  expect(toggled('two', more, { plan, undoable }).choice).toEqual({ kind: 'atoms', atoms: ['one', 'three'], leaveOut: [] });
});

it('keeps a chosen task that the list does not show, such as a stage of a resource', () => {
  const stage: Boxes = { choice: { kind: 'atoms', atoms: ['vm.reserve'], leaveOut: [] }, unticked: new Set() };
  const { choice } = toggled('one', stage, { plan: planOf(undo('vm.reserve', false)), undoable });
  expect(choice).toEqual({ kind: 'atoms', atoms: ['one', 'vm.reserve'], leaveOut: [] });
});
