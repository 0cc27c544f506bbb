// Begins a ready atom: it is applied, it waits, or it is a control that the core evaluates at once.
import { applyAtom } from './calls.ts';
import type { CompiledAtom } from '../graph/graph.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import { resolveInputs } from '../values/inputs.ts';
import { unrecordedCode } from '../state/applied-code.ts';
import { atomAt } from '../state/run.ts';
import { beginRetry } from './controls/retry.ts';
import type { Turn } from './turn.ts';
import { beginWait } from './waits.ts';
import { evaluateControl } from './controls/evaluate-control.ts';

/** Begins the atom, which must be PENDING and ready. */
export function beginAtom(turn: Turn, index: AtomIndex): void {
  const compiled = turn.run.flow.atoms[index];
  switch (compiled?.kind) {
    case undefined:
      return;
    case 'task':
    case 'stage':
      beginTask(turn, compiled);
      return;
    case 'retry':
      beginRetry(turn, index);
      return;
    case 'gate':
    case 'each':
    case 'round':
    case 'undo':
    case 'catch':
      evaluateControl(turn, compiled);
      return;
  }
}

function beginTask(turn: Turn, compiled: CompiledAtom): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const resolved = turn.reading(() => resolveInputs(run, compiled))?.value;
  if (resolved === undefined) return;
  if (resolved.kind === 'failed') {
    turn.failUnapplied(atom, resolved.failure);
    return;
  }
  const secrets = Object.keys(resolved.secrets).length > 0 ? { secrets: resolved.secrets } : {};
  const data = { input: resolved.input, ...secrets };
  if (compiled.type?.waits != null) {
    beginWait(turn, compiled, data);
    return;
  }
  const code = unrecordedCode(run, compiled);
  applyAtom(turn, compiled.index, code === null ? data : { ...data, code });
}
