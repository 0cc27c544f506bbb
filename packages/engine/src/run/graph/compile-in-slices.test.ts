// Compiling a large flow is cut into slices, each of which looks at a bounded part of the definition, and its work grows with
// the size of the flow. Both are counted in properties read, so the tests need no time.
import { describe, expect, it } from 'vitest';
import { type FlowDefinition, type FlowItem, type TaskItem, retrySchema } from '../../definition/schema.ts';
import { SLICE, type Slices, atOnce } from '../../slices.ts';
import { fakeCatalog, flow, graph, linear, task } from '../../testing/flows.ts';
import { typesFromCatalog } from './atom-types.ts';
import { compileFlow, compileInSlices } from './compiler.ts';
import type { TypeLookup } from './graph.ts';

const typeOf = typesFromCatalog(fakeCatalog);
const noSubflow = () => undefined;

const tasks = (count: number, more: (at: number) => Partial<TaskItem> = () => ({})) =>
  Array.from({ length: count }, (_, at) => task(`t${at}`, more(at)));
/** Tasks of which each uses the output of the one before. */
const users = (count: number) =>
  tasks(count, (at) => (at === 0 ? {} : { bindings: { text: { from: 'output', item: `t${at - 1}`, path: '' } } }));
const chain = (count: number) => Array.from({ length: count - 1 }, (_, at) => `t${at}>t${at + 1}`);
const asked = ({ links, ...rest }: FlowItem): FlowItem => ({ ...rest, links: links.map((one) => ({ ...one, decider: 'true' })) });
const retry = (at: number) => retrySchema.parse({ id: `r${at}`, strategy: { kind: 'times', attempts: 2 } });

const SHAPES: { readonly [shape: string]: (count: number) => FlowItem } = {
  'tasks in order': (count) => linear('root', tasks(count)),
  'tasks in order that use the output of the one before': (count) => linear('root', users(count)),
  'tasks with a retry': (count) =>
    linear(
      'root',
      tasks(count, (at) => ({ retry: retry(at) })),
    ),
  'containers of one task': (count) =>
    linear(
      'root',
      tasks(count).map((inside) => linear(`c_${inside.id}`, [inside])),
    ),
  'a graph with links': (count) => graph('root', tasks(count), chain(count)),
  'a graph with deciders': (count) => asked(graph('root', tasks(count), chain(count))),
  'a graph ordered by outputs': (count) => graph('root', users(count), []),
};

/** The definition, counting every property that is read of it. */
function counting(definition: FlowDefinition) {
  const counted = { reads: 0 };
  const proxies = new WeakMap<object, object>();
  const get = (target: object, name: string | symbol): unknown => {
    counted.reads += 1;
    return watch(Reflect.get(target, name));
  };
  const watch = <T>(value: T): T => {
    if (typeof value !== 'object' || value === null) return value;
    const known = proxies.get(value) ?? new Proxy(value, { get });
    proxies.set(value, known);
    return known as T;
  };
  return { counted, definition: watch(definition) };
}

/** What `count` says of each slice; it counts from 0 again when it was asked. */
function ofSlices(compiling: Slices<unknown>, count: () => number): number[] {
  const counts: number[] = [];
  for (let isDone = false; !isDone; counts.push(count())) isDone = compiling.next().done === true;
  return counts;
}

/** The properties of the definition that each slice reads. */
function readsOfSlices(root: FlowItem): number[] {
  const { counted, definition } = counting(flow(root));
  return ofSlices(compileInSlices(definition, typeOf, noSubflow), () => taken(counted));
}

/** The tasks that each slice adds: the type of each is looked up once. */
function tasksOfSlices(root: FlowItem): number[] {
  const counted = { reads: 0 };
  const counting: TypeLookup = (item) => {
    counted.reads += 1;
    return typeOf(item);
  };
  return ofSlices(compileInSlices(flow(root), counting, noSubflow), () => taken(counted));
}

function taken(counted: { reads: number }): number {
  const { reads } = counted;
  counted.reads = 0;
  return reads;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

describe.each(Object.entries(SHAPES))('%s', (_, shape) => {
  it('at most a hundred tasks are added in one slice', () => {
    const slices = tasksOfSlices(shape(1_000));
    expect(sum(slices)).toBe(1_000);
    expect(Math.max(...slices)).toBeLessThanOrEqual(SLICE);
  });

  it('the work is linear, and no slice does more than a small part of it', () => {
    const small = readsOfSlices(shape(500));
    const large = readsOfSlices(shape(2_000));
    expect(sum(large)).toBeLessThan(4.2 * sum(small));
    expect(Math.max(...large)).toBeLessThan(0.2 * sum(large));
  });

  it('compiled at once it is the same', () => {
    const definition = flow(shape(250));
    const { nodes, containers } = atOnce(compileInSlices(structuredClone(definition), typeOf, noSubflow));
    const whole = compileFlow(definition, typeOf);
    expect([whole.nodes, whole.containers.map(({ address, enter, exit, end }) => [address, enter, exit, end])]).toEqual([
      nodes,
      containers.map(({ address, enter, exit, end }) => [address, enter, exit, end]),
    ]);
  });
});
