// Laws of rollbacks: the confirmed plan is carried out (I8), and every standing effect is known (I3, T1).
import { expect } from 'vitest';
import type { Entry } from '../../logbook/entry.ts';
import { planRollback } from '../../run/plan/plan-rollback.ts';
import type { RollbackPlan } from '../../run/plan/rollback-plan.ts';
import { type Run, knownIndexOf } from '../../run/state/run.ts';
import type { SimulatedWorld } from '../simulated-world.ts';
import { lookUp } from '../../run/graph/index-spaces.ts';
import { reached } from './reached.ts';

/** A confirmed rollback, and the number of entries before it. */
export interface Confirmed {
  readonly plan: RollbackPlan;
  readonly since: number;
}

/** I8: after the rollback has ended, the called reverts and the kept atoms are those of the plan. */
export function checkCarriedOut(run: Run, entries: readonly Entry[], { plan, since }: Confirmed): void {
  const undone = entries.slice(since);
  const planned = (action: string) => plan.waves.flat().flatMap((one) => (one.action === action ? [one.atom] : []));
  const called = undone.flatMap((entry) =>
    entry.kind === 'ATOM' && entry.to === 'REVERTING' && !plan.controls.includes(entry.atom) ? [entry.atom] : [],
  );
  const standing = new Set(plan.standing.map(({ atom }) => atom));
  const kept = undone.flatMap((entry) => (entry.kind === 'MARK' && entry.mark === 'KEPT' && !standing.has(entry.atom) ? [entry.atom] : []));
  const byHand = (kind: string) => undone.flatMap((entry) => (entry.kind === 'ACT' && entry.act === kind ? [entry.atom ?? ''] : []));
  const settled = [...byHand('KEEP'), ...byHand('MARK_REVERTED')];
  const sorted = (atoms: readonly string[]) => [...new Set(atoms)].sort();
  if (run.state === 'REVERTED' || run.state === 'PARTIALLY_REVERTED') {
    expect(sorted([...called, ...settled]), 'I8 reverts').toEqual(sorted([...planned('revert'), ...settled]));
    // An effect that is undone as a whole is kept with the revert that was to undo it.
    expect(sorted(kept), 'I8 kept').toEqual(byHand('KEEP').length > 0 ? expect.arrayContaining(planned('keep')) : sorted(planned('keep')));
  } else {
    expect(planned('revert'), 'I8 reverts so far').toEqual(expect.arrayContaining(sorted(called)));
  }
}

/** B2, I8: every atom stands in a later wave of the plan than the planned atoms that must be undone before it. */
export function checkWaves(run: Run, { waves }: RollbackPlan): void {
  const waveOf = new Map(waves.flatMap((wave, number) => wave.map(({ atom }) => [atom, number] as const)));
  for (const [address, wave] of waveOf) {
    for (const after of reached(run.flow, knownIndexOf(run, address), 'undoing')) {
      const other = run.flow.atoms[after]?.address ?? '';
      expect(waveOf.get(other) ?? -1, `I8: the plan undoes ${other} before ${address}`).toBeLessThan(wave);
    }
  }
}

/** A run at rest, and the real effects of its tasks. Attempts are named `atom attempt`. */
export interface Standing {
  readonly run: Run;
  readonly world: SimulatedWorld;
  readonly job: string;
  /** Attempts that were kept. */
  readonly kept: ReadonlySet<string>;
  /** Attempts whose outcome a person has given. */
  readonly settled: ReadonlySet<string>;
}

/** I3, T1: every standing effect is known to the run and in its plan; every success stands. */
export function checkStanding({ run, world, job, kept, settled }: Standing): void {
  expect(world.broken, 'I3').toEqual([]);
  const plan = planRollback(run, { kind: 'job' });
  const shown = new Set([...plan.waves.flat(), ...plan.standing].map(({ atom }) => atom));
  const left = new Set(run.standing.map(({ atom }) => atom));
  for (const { atom: address, attempt } of world.standing.values()) {
    const atom = lookUp(run.atoms, run.flow.atomByAddress.get(address)?.index);
    const isOver = run.state === 'REVERTED' || run.state === 'PARTIALLY_REVERTED';
    if (isOver && kept.has(`${address} ${attempt}`) && attempt !== atom?.attempt)
      expect(left.has(`${address} (attempt ${attempt})`), `T1: ${address} in attempt ${attempt} was kept, and is listed as left`).toBe(
        true,
      );
    if (kept.has(`${address} ${attempt}`) || run.flow.atomByAddress.get(address)?.type?.effects.kind === 'none') continue;
    const stands = `${address} in attempt ${attempt} stands, is ${atom?.state} in attempt ${atom?.attempt} and the run ${run.state}`;
    expect(attempt, `I3: ${stands}`).toBe(atom?.attempt);
    expect(['REVERTED', 'PENDING'], `I3: ${stands}`).not.toContain(atom?.state);
    expect(run.state, `T1: ${stands}`).not.toBe('REVERTED');
    if (plan.blocked === null) expect(shown.has(address), `I3: ${stands}, and is not in the plan`).toBe(true);
    if (run.state === 'PARTIALLY_REVERTED') expect(left.has(address), `T1: ${stands}, and is not listed as left`).toBe(true);
  }
  for (const address of left) {
    const effects = run.flow.atomByAddress.get(address)?.type?.effects.kind;
    expect(effects, `T1: ${address} has no effect, and is listed as left`).not.toBe('none');
  }
  const unended = run.atoms.filter(
    ({ state }, index) =>
      ['WAITING', 'RUNNING', 'RETRYING', 'REVERTING'].includes(state) || (state === 'PENDING' && run.progress.isReady[index] === 1),
  );
  if (run.state === 'SUCCESS')
    expect(run.standing, 'T1: a run that succeeded lists only what earlier attempts left').toEqual(run.keptBefore);
  if (run.state === 'SUCCESS') expect(unended, 'I7: atoms of a run that succeeded').toEqual([]);
  const waits = run.atoms.filter(({ state, kept }) => state === 'WAITING' && kept !== null);
  if (run.job === 'COMPLETE') expect(waits, 'I7: atoms that wait although they were left as they are').toEqual([]);
  // Before the end of a rollback, stages may be undone that the run does not know of yet.
  if (run.job !== 'COMPLETE') return;
  run.atoms.forEach(({ atom, attempt, state }, index) => {
    const { kind, type } = run.flow.atoms[index] ?? {};
    if (state !== 'SUCCESS' || (kind !== 'task' && kind !== 'stage') || type?.effects.kind !== 'reversible') return;
    if (!settled.has(`${atom} ${attempt}`))
      expect(world.stands({ job, atom, attempt }), `I3, Z1: ${atom} in attempt ${attempt} stands`).toBe(true);
  });
}
