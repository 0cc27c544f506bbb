// Short functions for making flows in tests.
import { z } from 'zod';
import { defineResource } from '../task/define-resource.ts';
import { catalogOf, defineTask } from '../task/define-task.ts';
import {
  type FlowDefinition,
  type FlowItem,
  type Item,
  type TaskItem,
  flowDefinitionSchema,
  taskItemSchema,
} from '../definition/schema.ts';
import type { TaskCall } from '../dispatch/task-runner.ts';
import type { JsonObject } from '../json.ts';
import type { TaskCatalog } from '../task/task.ts';
import type { Wait, Waits } from '../task/wait.ts';

type TaskOptions = Partial<Pick<TaskItem, 'type' | 'parameters' | 'bindings' | 'priority' | 'revertPolicy'>>;

/** A task of type `step` (reversible, any inputs) unless another type is given. */
export function task(id: string, options: TaskOptions = {}): TaskItem {
  return taskItemSchema.parse({ kind: 'task', id, name: id, type: 'step', revertPolicy: { attempts: 1, delayMs: 0 }, ...options });
}

export function linear(id: string, items: Item[]): FlowItem {
  return { kind: 'flow', id, name: id, pattern: 'linear', items, links: [] };
}

export function unordered(id: string, items: Item[], limit?: number): FlowItem {
  return { kind: 'flow', id, name: id, pattern: 'unordered', items, links: [], ...(limit ? { limit } : {}) };
}

/** `links` as `a>b`. */
export function graph(id: string, items: Item[], links: string[]): FlowItem {
  const drawn = links.map((link, index) => {
    const [from = '', to = ''] = link.split('>');
    return { id: `${id}_l${index}`, from, to };
  });
  return { kind: 'flow', id, name: id, pattern: 'graph', items, links: drawn };
}

export function flow(root: FlowItem, options: Partial<FlowDefinition> = {}): FlowDefinition {
  return flowDefinitionSchema.parse({ schemaVersion: 1, name: 'test', root, ...options });
}

const anything = z.looseObject({});

function step(
  type: string,
  more: {
    waits?: Waits;
    effects?: 'none' | 'irreversible';
    repeatable?: boolean;
    revertRepeatable?: boolean;
    probe?: true;
    probeRevert?: true;
    check?: true;
    mayEditOutput?: true;
    input?: z.ZodObject;
    output?: z.ZodObject;
  } = {},
) {
  const effects =
    more.effects === 'none'
      ? ({ kind: 'none' } as const)
      : more.effects === 'irreversible'
        ? ({ kind: 'irreversible', reason: 'it is sent' } as const)
        : ({ kind: 'reversible', undo: 'undone' } as const);
  return defineTask({
    type,
    version: 1,
    title: type,
    summary: type,
    icon: 'box',
    group: 'Test',
    input: more.input ?? anything,
    output: more.output ?? anything,
    effects,
    repeatable: more.repeatable ?? true,
    revertRepeatable: more.revertRepeatable ?? true,
    apply: async () => ({}),
    ...(effects.kind === 'reversible' ? { revert: async () => {} } : {}),
    ...(more.waits ? { waits: more.waits as (input: object, now: number, wallTime?: number) => Wait } : {}),
    ...(more.mayEditOutput ? { mayEditOutput: true } : {}),
    ...(more.check ? { check: async () => null } : {}),
    ...(more.probe ? { probe: async () => ({ happened: 'no' }) as const } : {}),
    ...(more.probeRevert ? { probeRevert: async () => ({ undone: 'no' }) as const } : {}),
  });
}

function resource(type: string, { destroys = false }: { destroys?: boolean } = {}) {
  const nothing = async () => ({});
  const gone = async () => {};
  return defineResource({
    ...{ type, version: 1, title: type, summary: type, icon: 'box', group: 'Test', input: anything, output: z.looseObject({}) },
    ...{ effects: { kind: 'reversible', undo: 'given back' }, repeatable: true, reserve: nothing, configure: nothing, acquire: nothing },
    ...(destroys ? { destroy: gone } : { release: gone, unconfigure: gone, unreserve: gone }),
    label: (held: { name?: string }) => held.name ?? '',
  });
}

/** The default output of a task when a test's script gives none: for the type `lists` the list of the attempt, else empty. */
export function givenBy({ type, attempt, input }: Pick<TaskCall, 'type' | 'attempt' | 'input'>): JsonObject {
  const lists = type === 'lists' ? input['lists'] : undefined;
  return Array.isArray(lists) && lists.length > 0 ? { list: lists[(attempt - 1) % lists.length] ?? [] } : {};
}

/** Types for tests of the core: their code is never called, because the test's script answers. */
export const fakeCatalog: TaskCatalog = catalogOf([
  step('step'),
  step('pure', { effects: 'none' }),
  step('send', { effects: 'irreversible' }),
  step('once', { repeatable: false }),
  step('pause', { effects: 'none', waits: (_, now) => ({ on: 'timer', until: now + 5_000 }) }),
  // A person gave the time: 20 s from the start, by the wall clock.
  step('date', { effects: 'none', waits: (_, now, wallTime = now) => ({ on: 'timer', until: wallTime + 20_000, byWallClock: true }) }),
  step('ask', {
    effects: 'none',
    waits: ({ by = [], then }, now) => ({
      ...{ on: 'approval', by: by as string[], question: 'go on?' },
      ...(then === 'approve' ? { until: now + 9_000, then } : { until: null, then: 'fail' }),
    }),
  }),
  step('listen', {
    effects: 'none',
    waits: ({ name = 'go', then }, now) => ({
      ...{ on: 'signal', name: String(name) },
      ...(then === 'go_on' ? { until: now + 9_000, then } : { until: now + 60_000, then: 'fail' }),
    }),
  }),
  step('launch'),
  step('probed', { repeatable: false, probe: true }),
  step('reverts_once', { revertRepeatable: false }),
  step('undo_probed', { revertRepeatable: false, probeRevert: true }),
  step('checked', { check: true }),
  // Gives the list of its attempt (givenBy).
  step('lists'),
  step('mendable', { mayEditOutput: true, output: z.looseObject({ id: z.string() }) }),
  resource('leased'),
  resource('rented', { destroys: true }),
  step('needs_text', { input: z.object({ text: z.string(), size: z.number().optional() }), output: z.object({ text: z.string() }) }),
]);
