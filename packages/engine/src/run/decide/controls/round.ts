// The end of a loop's round: does another round follow (P7)?
import { atomsPerIteration } from '../../graph/compiler.ts';
import type { AtomOf } from '../../graph/graph.ts';
import { atomAt } from '../../state/run.ts';
import { evaluate } from '../../values/names.ts';
import type { Turn } from '../turn.ts';
import { attempt, notBoolean } from './evaluated.ts';
import { tooManyAtoms } from './too-many-atoms.ts';

export function endRound(turn: Turn, compiled: AtomOf<'round'>): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const container = run.flow.containers[compiled.container];
  const limit = container?.item?.loop?.limit ?? 1;
  const next = (compiled.scope.iteration ?? 0) + 1;
  const { again } = compiled;
  const answer = turn.reading(() =>
    attempt('The condition', () => (again === null ? false : evaluate(run, compiled.scope, { expression: again }))),
  )?.value;
  if (answer === undefined) return;
  if ('failure' in answer) turn.failUnapplied(atom, answer.failure);
  else if (typeof answer.value !== 'boolean') turn.failUnapplied(atom, notBoolean(answer.value));
  else if (answer.value && next >= limit) {
    const message = `"${container?.name ?? ''}" has run ${limit} rounds, its limit, and its condition asks for another.`;
    turn.failUnapplied(atom, { code: 'LOOP_LIMIT', message });
  } else {
    const isNew = container !== undefined && next === container.iterations.length;
    const tooMany = answer.value && isNew ? tooManyAtoms(run, atomsPerIteration(run.flow, container)) : null;
    if (tooMany !== null) turn.failUnapplied(atom, tooMany);
    else turn.succeed(atom, { again: answer.value });
  }
}
