// An atom is put in doubt: the outcome of its call is unknown, and a person must say it (A4).
import type { RunAtom } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** `live`: the call is still under way in this process, and may yet end. */
export function putInDoubt(turn: Turn, { atom, attempt }: RunAtom, doubt: { readonly reason: string; readonly live?: true }): void {
  turn.record({ kind: 'MARK', atom, attempt, mark: 'IN_DOUBT', data: doubt });
}
