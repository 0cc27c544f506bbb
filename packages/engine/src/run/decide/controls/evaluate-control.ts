// Evaluates controls, which need no call of a task. Each result is one entry, so that a replay evaluates nothing.
import type { AtomOf, CompiledAtom } from '../../graph/graph.ts';
import { atomAt } from '../../state/run.ts';
import { resolveInputs } from '../../values/inputs.ts';
import type { Turn } from '../turn.ts';
import { endWithoutCatch } from './catch.ts';
import { takeElements } from './elements.ts';
import { decideGate } from './gate.ts';
import { endRound } from './round.ts';

/** Evaluates a control that is ready. */
export function evaluateControl(turn: Turn, compiled: CompiledAtom): void {
  switch (compiled.kind) {
    case 'gate':
      decideGate(turn, compiled);
      return;
    case 'each':
      takeElements(turn, compiled);
      return;
    case 'round':
      endRound(turn, compiled);
      return;
    case 'undo':
      takeUndoInputs(turn, compiled);
      return;
    case 'catch':
      endWithoutCatch(turn, compiled);
      return;
    case 'task':
    case 'stage':
    case 'retry':
      return;
  }
}

/** A container is complete: resolves the inputs of its own revert now, while their sources exist (R6, R8). */
function takeUndoInputs(turn: Turn, compiled: AtomOf<'undo'>): void {
  const atom = atomAt(turn.run, compiled.index);
  const resolved = turn.reading(() => resolveInputs(turn.run, compiled))?.value;
  if (resolved === undefined) return;
  if (resolved.kind === 'failed') {
    turn.failUnapplied(atom, resolved.failure);
    return;
  }
  const { input, secrets } = resolved;
  turn.record({
    kind: 'ATOM',
    atom: atom.atom,
    attempt: atom.attempt + 1,
    from: 'PENDING',
    to: 'SUCCESS',
    data: { input, ...(Object.keys(secrets).length > 0 ? { secrets } : {}), output: {} },
  });
}
