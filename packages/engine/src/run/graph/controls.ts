// What a control atom is made of where a task has what was drawn.
import type { TaskItem } from '../../definition/schema.ts';
import type { AtomKind, AtomType } from './graph.ts';

/** A control has no effect in the world: undoing it needs no call. */
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
 * A container's own revert stands for everything inside: it is undone by applying its task. So that task's own
 * `repeatable` and `probe` say what may be done when a crash left this revert without an answer.
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

/** The drawing of a control: made up, so that whatever reads an atom's item finds one. */
export function controlItem(kind: AtomKind, id: string, name: string, type = `engine.${kind}`): TaskItem {
  return { kind: 'task', id, name, type, typeVersion: 1, parameters: {}, bindings: {}, priority: 0 };
}
