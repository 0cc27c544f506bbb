// Random flows for the simulators.
import { type FlowDefinition, type FlowItem, type Item, flowItemSchema, retrySchema, taskItemSchema } from '../definition/schema.ts';
import type { JsonObject } from '../json.ts';
import { flow, graph, linear, task, unordered } from './flows.ts';

/** A small generator with a seed (mulberry32). */
export function lots(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  return { chance: (share: number) => next() < share, below, pick };
}
export type Lots = ReturnType<typeof lots>;

/** Size of a random flow; a failing flow is shrunk by reducing it. Plain flows have only tasks, orders and links. */
export interface Size {
  readonly width: number;
  readonly depth: number;
  readonly plain: boolean;
  /** One task after another, so that the outcome does not depend on the order of answers. */
  readonly serial?: boolean;
}

/** A random flow with every construct. */
export function drawFlow(draw: Lots, { width, depth: deepest, plain, serial = false }: Size): FlowDefinition {
  let count = 0;
  // Some flows test links on failure: most containers are graphs, and most links are links on failure.
  const isCatching = !plain && draw.chance(serial ? 0.6 : 0.4);
  const isLinked = isCatching && serial;
  // Others test time limits: most tasks have one, so that calls pass it while they are under way.
  const isHasty = !plain && !serial && draw.chance(0.3);
  // Others mostly wait, so that acts come before, at and after the time of each kind of wait.
  const isPatient = !plain && !serial && draw.chance(0.25);
  const types = plain ? TYPES : isPatient ? [...WAITS, ...WAITS, 'step', 'once', 'leased'] : [...TYPES, ...WAITS];
  const retryOf = (share: number) => (!plain && draw.chance(share) ? { retry: drawRetry(draw, `r${count++}`, !serial) } : {});
  const item = (depth: number): Item =>
    depth < deepest && draw.chance(0.3)
      ? container(depth + 1)
      : taskItemSchema.parse({
          ...task(`t${count++}`, {
            ...drawType(draw, types),
            revertPolicy: { attempts: 1 + draw.below(3), delayMs: draw.pick([0, 1, 2_000]) },
          }),
          ...retryOf(isPatient ? 0.4 : 0.1),
          ...(!plain && draw.chance(isHasty ? 0.7 : 0.1) ? { timeLimitMs: 5 } : {}),
          ...(!plain && draw.chance(0.1) ? { join: draw.pick(['any', 'live']) } : {}),
        });
  const container = (depth: number): FlowItem => {
    const id = `f${count++}`;
    const items = Array.from({ length: draw.below(width) + (depth === 0 ? 1 : 0) + (isLinked ? 1 : 0) }, () => item(depth));
    const revert =
      plain || draw.chance(0.85) ? {} : { revert: draw.pick([NEVER, { mode: 'task', id: `u${count++}`, type: 'step' } as const]) };
    const more = { ...retryOf(0.25), ...revert };
    const kind = isCatching && draw.chance(0.8) ? 2 : serial ? draw.pick([0, 3, 4]) : draw.below(plain ? 3 : 5);
    if (!plain && (kind === 0 || kind === 2)) drawAlternatives(draw, items);
    if (kind === 0) return { ...linear(id, items), ...more } as FlowItem;
    if (kind === 1) return { ...unordered(id, items, draw.chance(0.5) ? 1 + draw.below(2) : undefined), ...more } as FlowItem;
    if (kind === 3 || kind === 4) {
      // A list or number of rounds that changes in a later pass comes from a task before it.
      const source = draw.chance(0.5) ? task(`s${count++}`, { type: 'lists', parameters: { lists: drawLists(draw) } }) : null;
      const repeated = kind === 3 ? forEachOf(draw, source?.id ?? null, serial) : loopOf(draw, source?.id ?? null, id);
      const container = flowItemSchema.parse({ ...linear(id, items), ...repeated, ...more });
      return source === null ? container : linear(`f${count++}`, [source, container]);
    }
    const links = items.flatMap((after, to) =>
      items
        .slice(0, to)
        .flatMap((before) =>
          draw.chance(isLinked ? 0.8 : 0.4)
            ? [drawLink(draw, { id: `${before.id}_${after.id}`, from: before.id, to: after.id, failing: isCatching ? 0.6 : 0.1 })]
            : [],
        ),
    );
    return flowItemSchema.parse({
      ...graph(id, items, []),
      links: plain ? links.map(({ id, from, to }) => ({ id, from, to })) : links,
      ...more,
    });
  };
  return flow(container(0), {
    onFailure: draw.chance(0.3) ? 'hold' : 'revert',
    abortOnFailure: draw.chance(0.2),
    ...(!serial && !plain && draw.chance(0.15) ? { timeLimitMs: draw.pick([20, 3_000]) } : {}),
  });
}

/** The same flow, with a probe for each task that must not be repeated without a check. */
export function withProbes(definition: FlowDefinition): FlowDefinition {
  const text = JSON.stringify(definition).replaceAll('"type":"once"', '"type":"probed"');
  return JSON.parse(text.replaceAll('"type":"reverts_once"', '"type":"undo_probed"')) as FlowDefinition;
}

function forEachOf(draw: Lots, source: string | null, serial: boolean) {
  const limit = serial ? 1 : 1 + draw.below(3);
  if (source === null) {
    const value = Array.from({ length: draw.below(4) }, (_, at) => at);
    return { pattern: 'for_each', limit, forEach: { list: { from: 'constant', value } } };
  }
  const key = draw.pick([{}, { key: 'element.id' }, { key: 'element.id < 2' }]);
  return { pattern: 'for_each', limit, forEach: { list: { from: 'output', item: source, path: 'list' }, ...key } };
}

function loopOf(draw: Lots, source: string | null, id: string) {
  const most = source === null ? draw.below(3) : `size(outputs.${source}.list)`;
  return { pattern: 'loop', loop: { again: `outputs.${id}.round < ${most}`, limit: 1 + draw.below(3) } };
}

/** Lists of few elements, which recur, sometimes twice in one list, and differ in more than their id. */
function drawLists(draw: Lots) {
  const element = () => ({ id: draw.below(4), size: draw.below(2) });
  return Array.from({ length: 1 + draw.below(3) }, () => Array.from({ length: draw.below(4) }, element));
}

const NEVER = { mode: 'none', reason: 'signed' } as const;

/** Some tasks use the first of several earlier outputs. */
function drawAlternatives(draw: Lots, items: Item[]): void {
  items.forEach((item, at) => {
    const earlier = items.slice(0, at).filter(({ kind }) => kind === 'task');
    if (item.kind !== 'task' || earlier.length === 0 || !draw.chance(0.15)) return;
    const of = Array.from({ length: 1 + draw.below(2) }, () => ({ from: 'output', item: draw.pick(earlier).id, path: '' }) as const);
    const last = draw.chance(0.5) ? [{ from: 'constant', value: 'none' } as const] : [];
    items[at] = { ...item, bindings: { given: { from: 'first', of: [...of, ...last] } } };
  });
}

/** `failing` is the share of links on failure. */
function drawLink(draw: Lots, { id, from, to, failing }: { id: string; from: string; to: string; failing: number }) {
  if (draw.chance(failing)) {
    const decider = draw.pick([undefined, undefined, 'failure.code == "BROKEN"', 'failure.code == "OTHER"', 'failure.absent == 1']);
    return { id, from, to, onFailure: true, ...(decider ? { decider } : {}) };
  }
  const decider = draw.chance(failing) ? undefined : draw.pick(['true', 'false', 'inputs.absent == 1', undefined, undefined, undefined]);
  return { id, from, to, ...(decider ? { decider, depth: draw.pick(['all', 'flow', 'neighbours', 'atom'] as const) } : {}) };
}

function drawRetry(draw: Lots, id: string, limited: boolean) {
  const strategy = draw.pick([
    { kind: 'times', attempts: 1 + draw.below(3), revertAll: draw.chance(0.2) },
    { kind: 'for_each', values: ['x', 'y'].slice(draw.below(3)) },
    { kind: 'always_revert' },
    { kind: 'always_revert_all' },
    { kind: 'expression', cel: 'retry.attempt < 3 ? "RETRY" : "REVERT"', attempts: 2 + draw.below(2) },
  ]);
  return retrySchema.parse({
    ...{ id, strategy, delayMs: draw.pick([0, 0, 1, 5_000]), backoff: 2, jitter: 0.5 },
    ...(limited && draw.chance(0.2) ? { timeLimitMs: draw.pick([3, 8_000]) } : {}),
  });
}

/** A random type; for a waiting task also the parameters of its wait. */
function drawType(draw: Lots, types: readonly string[]): { readonly type: string; readonly parameters?: JsonObject } {
  const type = draw.pick(types);
  if (type === 'ask') return { type, parameters: { by: draw.pick([[], ['ana']]), then: draw.pick(['approve', 'fail']) } };
  if (type === 'listen') return { type, parameters: { name: draw.pick(['go', 'stop']), then: draw.pick(['go_on', 'fail']) } };
  return { type };
}
const WAITS = ['pause', 'ask', 'listen', 'launch', 'date'];
const TYPES = ['step', 'step', 'step', 'pure', 'send', 'once', 'probed', 'reverts_once', 'undo_probed', 'leased', 'rented'];
