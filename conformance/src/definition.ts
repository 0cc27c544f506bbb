// A drawn flow as a flow definition of ours, and a catalog with one task type per task, so that validation and the
// checks of inputs are the engine's own. Ids are the names made fit for the schema; links and containers have ids
// beside them, because in TaskFlow only atoms have unique names.
import { z } from 'zod';
import type { Binding, Json, JsonObject, SingleBinding } from '@windlass/engine/definition';
import { type TaskType, catalogOf, defineTask, describeTask } from '@windlass/engine/task';
import { NotRunnable } from './case.ts';
import type { Decider, DrawnAtom, DrawnFlow, DrawnLink, DrawnRetry, DrawnTask } from './drawing.ts';
import { type Argument, type Arguments, type Provider, inputOf } from './names.ts';
import type { PlacedFlow, DrawnGraph } from './drawn-graph.ts';

/** A document that claims to be a flow definition; validation judges it. */
export interface Prepared {
  readonly document: JsonObject;
  readonly catalog: ReturnType<typeof catalogOf<never>>;
  readonly find: (type: string, version: number) => ReturnType<typeof describeTask> | undefined;
  /** Names by id, of tasks and retries. */
  readonly names: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, DrawnTask>;
  /** Id of the item that alone is run, with what it needs. */
  readonly target: string | null;
}

/** A flow, and where its arguments come from. */
export interface PlacedArguments {
  readonly graph: DrawnGraph;
  readonly args: Arguments;
}

/** The flow that runs, and the flow that is launched: they differ if only a target runs. */
export interface CasePlan extends PlacedArguments {
  readonly launched: PlacedArguments;
  readonly store: { readonly [symbol: string]: Json };
  readonly onFailure: 'revert' | 'hold';
}

export function prepare({ launched: { graph, args }, store, onFailure }: CasePlan): Prepared {
  const ids = idsOf(graph);
  const [root] = graph.flows;
  if (root === undefined) throw new NotRunnable('there is no flow');
  const tasks = graph.nodes.flatMap(({ atom, index }) => (atom?.kind === 'task' ? [{ task: atom, args: args.get(index) ?? [] }] : []));
  // Two tasks of one name are one type; validation finds the names.
  const types = new Map(tasks.map(({ task, args: own }) => [task.name, typeOf(ids.get(task.name) ?? '', own)]));
  const catalog = catalogOf<never>([...types.values()]);
  const drawing = new Drawing(graph, args, ids);
  return {
    document: {
      schemaVersion: 1,
      name: 'case',
      inputs: { type: 'object', properties: Object.fromEntries(Object.keys(store).map((symbol) => [symbol, {}])) },
      onFailure,
      root: drawing.container(root),
    },
    catalog,
    find: (type, version) => {
      const found = catalog.find(type, version);
      return found && describeTask(found);
    },
    names: new Map([...ids].map(([name, id]) => [id, name])),
    ids,
    tasks: new Map(tasks.map(({ task }) => [task.name, task])),
    target: root.drawn.target === null ? null : drawing.endId(root.drawn.target, root.index),
  };
}

/** An id for every name of an atom. */
function idsOf({ nodes }: DrawnGraph): Map<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { atom } of nodes) {
    if (atom === null || ids.has(atom.name)) continue;
    const plain = atom.name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 50);
    const wanted = /^[A-Za-z]/.test(plain) ? plain : `n${plain}`;
    let id = wanted;
    for (let count = 2; taken.has(id); count += 1) id = `${wanted}_${count}`;
    taken.add(id);
    ids.set(atom.name, id);
  }
  return ids;
}

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.unknown()), z.record(z.string(), z.unknown())]);

function typeOf(id: string, args: readonly Argument[]): TaskType<never> {
  const shape = args.map((one) => [inputOf(one), schemaOf(one)] as const);
  return defineTask({
    type: `case.${id}`,
    version: 1,
    title: id,
    summary: id,
    icon: 'box',
    group: 'Case',
    input: z.looseObject(Object.fromEntries(shape)),
    output: z.looseObject({}),
    effects: { kind: 'reversible', undo: 'undone' },
    repeatable: true,
    apply: async () => ({}),
    revert: async () => {},
  });
}

/**
 * What a revert requires may be absent when apply is called: its provider was ignored. Then the revert fails. What nothing
 * before the task could give is required all the same, so that the flow is refused.
 */
function schemaOf({ call, fallback, source }: Argument): z.ZodType {
  if (fallback !== undefined) return value.default(fallback);
  return call === 'revert' && (source.from === 'atom' || source.from === 'first') ? value.optional() : value;
}

class Drawing {
  readonly #graph: DrawnGraph;
  readonly #args: Arguments;
  readonly #ids: ReadonlyMap<string, string>;

  constructor(graph: DrawnGraph, args: Arguments, ids: ReadonlyMap<string, string>) {
    this.#graph = graph;
    this.#args = args;
    this.#ids = ids;
  }

  container(placed: PlacedFlow): JsonObject {
    const { drawn, index } = placed;
    const items = drawn.children.map((child) => {
      const span = placed.children.find((one) => one.drawn === child);
      if (child.kind === 'task') return this.#task(child, span?.first ?? -1);
      if (child.kind === 'misplaced') return { kind: 'retry', id: child.name, strategy: { kind: 'times', attempts: 1 } };
      const inner = this.#graph.flows.find(({ enter }) => enter === span?.first);
      return inner === undefined ? null : this.container(inner);
    });
    return {
      kind: 'flow',
      id: containerId(index, this.#ids),
      name: drawn.name || 'flow',
      pattern: drawn.pattern,
      items,
      links: drawn.pattern === 'graph' ? this.#links(drawn, index) : [],
      ...(drawn.retry === null ? {} : { retry: this.#retry(drawn.retry, placed.retry) }),
    };
  }

  #task(task: DrawnTask, node: number): JsonObject {
    const args = this.#args.get(node) ?? [];
    const bindings = args.flatMap((argument) => {
      const binding = this.#binding(argument.source);
      return binding === null ? [] : [[inputOf(argument), binding] as const];
    });
    const id = this.#id(task);
    return {
      kind: 'task',
      id,
      name: task.name,
      type: `case.${id}`,
      bindings: Object.fromEntries(bindings) as JsonObject,
      priority: Math.round(task.priority),
      revertPolicy: { attempts: 1, delayMs: 0 },
    };
  }

  #binding(source: Argument['source']): Binding | null {
    switch (source.from) {
      case 'constant':
        return { from: 'constant', value: source.value };
      case 'store':
        return { from: 'input', name: source.symbol };
      case 'atom':
      case 'unseen':
        return this.#output(source);
      case 'first':
        return { from: 'first', of: source.of.map((provider) => this.#output(provider)) };
      case 'nowhere':
        return null;
    }
  }

  #output({ atom, at }: Pick<Provider, 'atom' | 'at'>): SingleBinding {
    const whole = atom.kind === 'retry' ? 'value' : 'result';
    return { from: 'output', item: this.#id(atom), path: at === null ? whole : `${whole}.${at}` };
  }

  #retry(retry: DrawnRetry, node: number): JsonObject {
    return { id: this.#id(retry), strategy: this.#strategy(retry, node) };
  }

  #strategy({ strategy }: DrawnRetry, node: number): JsonObject {
    switch (strategy.kind) {
      case 'always_revert':
      case 'always_revert_all':
        return { kind: strategy.kind };
      case 'times':
        return { kind: 'times', attempts: Math.max(0, strategy.attempts), revertAll: strategy.revertAll };
      case 'for_each':
        return { kind: 'for_each', values: [...strategy.values], revertAll: strategy.revertAll };
      case 'parameterised': {
        const source = this.#args.get(node)?.[0]?.source;
        const values = source === undefined ? null : this.#binding(source);
        return {
          kind: 'parameterised',
          values: (values ?? { from: 'constant', value: null }) as JsonObject,
          revertAll: strategy.revertAll,
        };
      }
      case 'scripted': {
        // A script that cannot even begin has nothing to try.
        if (strategy.fails) return { kind: 'for_each', values: [] };
        const words = strategy.decisions.map((decision, at) => `{"decision": ${JSON.stringify(decision)}, "value": ${at + 2}}`);
        return {
          kind: 'expression',
          cel: words.length === 0 ? '"REVERT"' : `[${words.join(', ')}][size(retry.history) - 1]`,
          first: 1,
          attempts: words.length + 1,
        };
      }
    }
  }

  #links({ links, children }: DrawnFlow, index: number): JsonObject[] {
    const ends = new Map(children.map((child) => [child.name, this.endId(child.name, index)]));
    return links.map((link, at) => {
      const cel =
        link.decider === null ? null : this.#condition(link.decider, link, { key: `l${at}`, isTask: isTask(children, link.from) });
      return {
        id: `k${index}_${at}`,
        from: ends.get(link.from) ?? 'absent',
        to: ends.get(link.to) ?? 'absent',
        ...(cel === null ? {} : { decider: cel, depth: link.depth }),
      };
    });
  }

  /** The id of a child of that flow. */
  endId(name: string, index: number): string {
    const child = this.#graph.flows[index]?.children.find(({ drawn }) => drawn.name === name);
    if (child?.drawn.kind !== 'flow') return this.#ids.get(name) ?? 'absent';
    return containerId(
      this.#graph.flows.findIndex(({ enter }) => enter === child.first),
      this.#ids,
    );
  }

  #condition(decider: Decider, link: DrawnLink, { key, isTask }: { key: string; isTask: boolean }): string {
    if (typeof decider === 'boolean') return String(decider);
    if (decider === 'raises') return '1 / 0 == 1';
    if (!isTask) {
      if ('equals' in decider) return String(decider.equals === null);
      throw new NotRunnable(`a decider that counts its calls, on a link from the flow ${link.from}`);
    }
    const source = `outputs.${this.#ids.get(link.from)}`;
    // The number of its calls is known outside the flow: the source brings the answer along (see SAYS).
    return 'equals' in decider ? `${source}.result == ${JSON.stringify(decider.equals)}` : `${source}.${SAYS}.${key} == true`;
  }

  #id(atom: DrawnAtom): string {
    return this.#ids.get(atom.name) ?? '';
  }
}

/** In the output of a task: the answers of the deciders that count their calls, for the links that leave the task. */
export const SAYS = 'says';

function containerId(index: number, ids: ReadonlyMap<string, string>): string {
  const taken = new Set(ids.values());
  let id = `c${index}`;
  while (taken.has(id)) id = `${id}_`;
  return id;
}

function isTask(children: DrawnFlow['children'], name: string): boolean {
  return children.find((child) => child.name === name)?.kind === 'task';
}
