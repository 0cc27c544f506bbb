// Which atoms are tasks, and which are called; the others are evaluated by the core within a turn.
import type { AtomKind } from './graph.ts';

/** Is the atom a task of the definition, or one stage of a resource? Undefined, an unknown atom, is neither. */
export function isTaskKind(kind: AtomKind | undefined): boolean {
  return kind === 'task' || kind === 'stage';
}

/** Does a task run for the atom? A container's own revert calls one too. */
export function isCalledKind(kind: AtomKind | undefined): boolean {
  return isTaskKind(kind) || kind === 'undo';
}
