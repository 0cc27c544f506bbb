// The code that applied an attempt (R6): recorded once per job and task type, and again when the code changes.
import type { CompiledAtom } from '../graph/graph.ts';
import type { AtomIndex } from '../graph/index-spaces.ts';
import { type Run, atomAt } from './run.ts';

/** The code to record with an attempt that begins now; null when it is already recorded or unknown. */
export function unrecordedCode(run: Run, { item, type }: CompiledAtom): string | null {
  const code = type?.code ?? null;
  if (code === null) return null;
  const last = run.codes.findLast((one) => one.type === `${item.type}@${item.typeVersion}`);
  return last?.code === code ? null : code;
}

/** The code that applied the atom's current attempt; null in a job of an earlier version. */
export function codeOfApply(run: Run, index: AtomIndex): string | null {
  const item = run.flow.atoms[index]?.item;
  if (item === undefined || run.codes.length === 0) return null;
  const { startNumber } = atomAt(run, index);
  const type = `${item.type}@${item.typeVersion}`;
  return run.codes.findLast((one) => one.type === type && one.since <= startNumber)?.code ?? null;
}
