// A conductor takes over a run that another one left: what was under way is in doubt (SEMANTICS A4).
// A probe is asked if the type has one; else the call is repeated with the same key if the type says that it may;
// else a person is asked. Reverts are repeated: R7 repeats a failing revert anyway, so every revert must bear it.
import { memberOf } from '../../json.ts';
import { callAtom } from './calls.ts';
import type { AtomType } from '../graph/graph.ts';
import type { RunAtom } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** Takes up every atom that was under way. */
export function resumeAtoms(turn: Turn): void {
  const { run } = turn;
  run.atoms.forEach((atom, index) => {
    if (atom.state === 'REVERTING') resumeRevert(turn, atom, index);
    if (atom.state === 'RUNNING' && atom.inDoubt === null) resumeApply(turn, atom, index);
  });
}

function resumeApply(turn: Turn, atom: RunAtom, index: number): void {
  const type = turn.run.flow.atoms[index]?.type ?? null;
  if (type?.hasProbe) {
    callAtom(turn, index, 'probe');
  } else if (type !== null && isRepeatable(type, atom)) {
    turn.move(atom, 'RUNNING', { repeated: true });
    callAtom(turn, index, 'apply');
  } else {
    const reason = 'The conductor stopped while this was being applied, and it may not be repeated blindly.';
    turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'IN_DOUBT', data: { reason } });
  }
}

function isRepeatable({ repeatable, defaults }: AtomType, atom: RunAtom): boolean {
  if (typeof repeatable === 'boolean') return repeatable;
  return repeatable.in.some((value) => value === (memberOf(atom.input, repeatable.field) ?? memberOf(defaults, repeatable.field)));
}

function resumeRevert(turn: Turn, atom: RunAtom, index: number): void {
  if (atom.notBefore > turn.time) turn.command({ kind: 'WAKE', atom: atom.atom, at: atom.notBefore });
  else callAtom(turn, index, 'revert');
}
