// The flows of the workloads: no-op tasks in the three patterns.
import { catalogOf, defineTask, type FlowDefinition, type FlowItem, flowDefinitionSchema, type TaskItem } from '@windlass/engine';
import { z } from 'zod';

const noop = defineTask({
  type: 'noop',
  version: 1,
  title: 'No-op',
  summary: 'Does nothing.',
  icon: 'box',
  group: 'Bench',
  input: z.object({}),
  output: z.object({}),
  effects: { kind: 'reversible', undo: 'does nothing either' },
  repeatable: true,
  apply: async () => ({}),
  revert: async () => {},
});

export const benchCatalog = catalogOf([noop]);

const task = (index: number): TaskItem => ({
  kind: 'task',
  id: `t${index}`,
  name: `t${index}`,
  type: 'noop',
  typeVersion: 1,
  parameters: {},
  bindings: {},
  priority: 0,
});
const tasks = (n: number) => Array.from({ length: n }, (_, index) => task(index));
const LAYERS = 10;

export type Shape = 'linear' | 'graph' | 'unordered';

/** A flow of n no-op tasks; a graph has ten layers, each task two predecessors in the layer before. */
export function flowOf(shape: Shape, n: number): FlowDefinition {
  const root: FlowItem = {
    kind: 'flow',
    id: 'root',
    name: shape,
    pattern: shape,
    items: tasks(n),
    links: shape === 'graph' ? layered(n) : [],
  };
  return flowDefinitionSchema.parse({ schemaVersion: 1, name: `${shape} ${n}`, root });
}

function layered(n: number) {
  const width = Math.floor(n / LAYERS);
  return Array.from({ length: n - width }, (_, offset) => {
    const index = offset + width;
    const above = index - width;
    const beside = above - (above % width) + ((above + 1) % width);
    return [...new Set([above, beside])].map((from) => ({ id: `l${from}_${index}`, from: `t${from}`, to: `t${index}` }));
  }).flat();
}
