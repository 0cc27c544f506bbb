// Flows as documents, as the designer stores them before they are parsed, and the problems of each: for tests of validation and
// of links with conditions.
import { type FlowDefinition, flowDefinitionSchema } from '../definition/schema.ts';
import { problemsOf } from '../definition/validate/validate.ts';
import type { TaskDescriptor } from '../task/task.ts';

export const link = (from: string, to: string, more: object = {}) => ({ id: `${from}_${to}`, from, to, ...more });

export const onFailure = (from: string, to: string, more: object = {}) =>
  link(from, to, { id: `${from}_fails_${to}`, onFailure: true, ...more });

export const drawnTask = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'step', ...more });

export function drawnFlow(root: object): FlowDefinition {
  return flowDefinitionSchema.parse({
    schemaVersion: 1,
    name: 'test',
    root: { kind: 'flow', id: 'root', name: 'root', pattern: 'linear', items: [], ...root },
  });
}

export const drawnGraph = (items: object[], links: object[], more: object = {}) => drawnFlow({ pattern: 'graph', items, links, ...more });

/** The descriptor of each type: it takes any input and can be undone. The type `strict` requires the input `text`. */
export const descriptorOf = (type: string): TaskDescriptor => ({
  ...{ type, version: 1, title: type, summary: '', icon: 'box', group: '', hasRevert: true },
  input: { type: 'object', properties: { text: {} }, ...(type === 'strict' ? { required: ['text'] } : {}), additionalProperties: true },
  output: { type: 'object', additionalProperties: true },
  effects: { kind: 'reversible', undo: 'undone' },
});

export const codesOf = (definition: FlowDefinition) => problemsOf(definition, descriptorOf).map(({ code }) => code);
