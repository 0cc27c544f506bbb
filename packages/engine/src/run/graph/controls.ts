// The item and the type of a control atom, which the compiler makes.
import type { TaskItem } from '../../definition/schema.ts';
import type { AtomKind, AtomType } from './graph.ts';

/** A control has no effect, so undoing it needs no call. */
export const CONTROL_TYPE: AtomType = {
  effects: { kind: 'none' },
  defaults: {},
  hasRevert: false,
  hasProbe: false,
  hasProbeRevert: false,
  hasCheck: false,
  mayEditOutput: false,
  repeatable: true,
  revertRepeatable: true,
  code: null,
  waits: null,
  stages: null,
  label: null,
  destroys: false,
  input: null,
  output: null,
};

/**
 * A container's own revert undoes everything inside by applying a task. So `repeatable` and `probe` of that task say what may
 * be done when a crash left this revert without an answer.
 */
export function undoType(task: AtomType): AtomType {
  return {
    ...task,
    effects: { kind: 'reversible', undo: 'undone as a whole' },
    hasRevert: true,
    revertRepeatable: task.repeatable,
    hasProbeRevert: task.hasProbe,
  };
}

/** The item of a control, made up so that every atom has an item. */
export function controlItem(kind: AtomKind, id: string, name: string, type = `engine.${kind}`): TaskItem {
  return { kind: 'task', id, name, type, typeVersion: 1, parameters: {}, bindings: {}, priority: 0 };
}
