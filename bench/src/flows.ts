// The flows of the workloads: no-op tasks in the three patterns.
import { type FlowDefinition, type FlowItem, flowDefinitionSchema, type TaskItem } from '@windlass/engine/definition';
import { catalogOf, defineTask } from '@windlass/engine/task';
import { z } from 'zod';

/** Called by the tasks of a workload as a step begins, and as its revert begins. */
export interface Witness {
  applying(job: string, atom: string): void;
  reverting(job: string, atom: string): void;
}

const about = { version: 1, summary: 'For measuring.', icon: 'box', group: 'Bench', input: z.object({}), output: z.object({}) };

const noop = defineTask<typeof about.input, typeof about.output, Witness>({
  ...about,
  type: 'noop',
  title: 'No-op',
  effects: { kind: 'reversible', undo: 'does nothing either' },
  repeatable: true,
  async apply(_input, { world, job, atom }) {
    world.applying(job, atom);
    return {};
  },
  async revert(_undo, { world, job, atom }) {
    world.reverting(job, atom);
  },
});

const fail = defineTask<typeof about.input, typeof about.output, Witness>({
  ...about,
  type: 'fail',
  title: 'Fail',
  effects: { kind: 'none' },
  repeatable: true,
  apply() {
    return Promise.reject(new Error('It fails, as the workload asks for.'));
  },
});

const pause = defineTask<z.ZodObject<{ until: z.ZodNumber }>, typeof about.output, Witness>({
  ...about,
  type: 'pause',
  title: 'Pause',
  input: z.object({ until: z.number() }),
  effects: { kind: 'none' },
  repeatable: true,
  waits: ({ until }) => ({ on: 'timer', until }),
  apply: () => Promise.reject(new Error('It waits and is never applied.')),
});

export const benchCatalog = catalogOf<Witness>([noop, fail, pause]);

/** One task that waits until the time that the job is given. */
export function pauseFlow(): FlowDefinition {
  const item = { ...task(0, 'pause'), bindings: { until: { from: 'input', name: 'until' } as const } };
  const inputs = { type: 'object', properties: { until: { type: 'number' } } };
  return { ...definitionOf('pause', { pattern: 'linear', items: [item], links: [] }), inputs };
}

const task = (index: number, type: string): TaskItem => ({
  kind: 'task',
  id: `t${index}`,
  name: `t${index}`,
  type,
  typeVersion: 1,
  parameters: {},
  bindings: {},
  priority: 0,
});
const LAYERS = 10;

export const SHAPES = ['linear', 'graph', 'unordered'] as const;
export type Shape = (typeof SHAPES)[number];
/** The end of a flow: success, or a failure of its last task, so that all is reverted. */
export type Ending = 'succeeds' | 'fails';

/** A flow of n no-op tasks; a graph has ten layers, each task two predecessors in the layer before. */
export function flowOf(shape: Shape, n: number, ending: Ending = 'succeeds'): FlowDefinition {
  const items = Array.from({ length: n }, (_, index) => task(index, ending === 'fails' && index === n - 1 ? 'fail' : 'noop'));
  return definitionOf(`${shape} ${n}`, { pattern: shape, items, links: shape === 'graph' ? layered(n) : [] });
}

/** n no-op tasks side by side, and one that waits for all of them. */
export function joinOf(n: number): FlowDefinition {
  const items = Array.from({ length: n + 1 }, (_, index) => task(index, 'noop'));
  const links = items.slice(0, n).map(({ id }) => ({ id: `l_${id}`, from: id, to: `t${n}` }));
  return definitionOf(`join ${n}`, { pattern: 'graph', items, links });
}

function definitionOf(name: string, { pattern, items, links }: Pick<FlowItem, 'pattern' | 'items' | 'links'>): FlowDefinition {
  const root: FlowItem = { kind: 'flow', id: 'root', name, pattern, items, links };
  return flowDefinitionSchema.parse({ schemaVersion: 1, name, root });
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
