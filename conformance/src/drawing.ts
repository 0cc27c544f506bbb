// A case's flow, read and checked: what TaskFlow calls atoms, retries and flows, before anything is made of it.
import type { Json } from '@windlass/engine/definition';
import { z } from 'zod';
import { NotRunnable } from './case.ts';

/** Where a symbol comes from within what an atom returns: whole (`null`), at an index, or under a key. */
export interface Provided {
  readonly symbol: string;
  readonly at: string | null;
}
/** An argument of apply or of revert, and the symbol that it takes its value from. Only an optional one has a fallback. */
export interface Wanted {
  readonly argument: string;
  readonly symbol: string;
  readonly call: 'apply' | 'revert';
  readonly fallback?: Json;
}
/** The behaviour of a call. */
export type Conduct =
  | { readonly kind: 'ok' }
  | { readonly kind: 'fail' }
  | { readonly kind: 'fail_times' | 'crash_times'; readonly times: number }
  | { readonly kind: 'fail_unless'; readonly argument: string; readonly equals: Json };

export interface DrawnTask {
  readonly kind: 'task';
  readonly name: string;
  readonly wants: readonly Wanted[];
  readonly provides: readonly Provided[];
  readonly returns: Json;
  readonly apply: Conduct;
  readonly revert: Conduct;
  readonly inject: { readonly [symbol: string]: Json };
  readonly priority: number;
}
export type Strategy =
  | { readonly kind: 'always_revert' | 'always_revert_all' }
  | { readonly kind: 'times'; readonly attempts: number; readonly revertAll: boolean }
  | { readonly kind: 'for_each'; readonly values: readonly Json[]; readonly revertAll: boolean }
  | { readonly kind: 'parameterised'; readonly revertAll: boolean }
  | { readonly kind: 'scripted'; readonly decisions: readonly string[]; readonly fails: boolean };
export interface DrawnRetry {
  readonly kind: 'retry';
  readonly name: string;
  readonly strategy: Strategy;
  readonly provides: readonly Provided[];
  readonly wants: readonly Wanted[];
}
export type Decider = boolean | { readonly equals: Json } | { readonly onCall: number } | 'raises';
export interface DrawnLink {
  readonly from: string;
  readonly to: string;
  readonly decider: Decider | null;
  readonly depth: 'all' | 'flow' | 'neighbours' | 'atom';
}
export interface DrawnFlow {
  readonly kind: 'flow';
  readonly name: string;
  readonly pattern: 'linear' | 'unordered' | 'graph';
  readonly children: readonly Drawn[];
  readonly links: readonly DrawnLink[];
  readonly retry: DrawnRetry | null;
  /** A graph draws links from requires and provides unless told not to. */
  readonly resolves: boolean;
  readonly target: string | null;
}
/** A retry where a task is expected. */
export interface Misplaced {
  readonly kind: 'misplaced';
  readonly name: string;
}
export type Drawn = DrawnTask | DrawnFlow | Misplaced;
export type DrawnAtom = DrawnTask | DrawnRetry;

const json = z.json();
const names = z.array(z.string());
const conduct = z
  .union([
    z.enum(['ok', 'fail']),
    z.strictObject({ fail_times: z.number() }),
    z.strictObject({ crash_times: z.number() }),
    z.strictObject({ fail_unless: z.strictObject({ arg: z.string(), equals: json }) }),
  ])
  .default('ok');
const provides = z.union([z.null(), z.string(), names, z.strictObject({ set: names })]).optional();
const rebind = z.union([names, z.record(z.string(), z.string())]).default({});
const optional = z.union([names, z.record(z.string(), json)]).default({});

const taskShape = z.strictObject({
  task: z.string(),
  requires: names.default([]),
  optional,
  provides,
  returns: json.default(null),
  do: conduct,
  revert: conduct,
  rebind,
  inject: z.record(z.string(), json).default({}),
  priority: z.number().default(0),
  revert_requires: names.default([]),
  revert_optional: optional,
  revert_rebind: rebind,
});
const retryShape = z.strictObject({
  strategy: z.string(),
  name: z.string(),
  provides,
  attempts: z.number().default(1),
  values: z.union([z.array(json), z.record(z.string(), json)]).optional(),
  revert_all: z.boolean().default(false),
  decisions: names.default([]),
  do: conduct,
  revert: conduct,
  requires: names.default([]),
  rebind,
});
const deciderShape = z.union([
  z.boolean(),
  z.strictObject({ result_equals: json }),
  z.strictObject({ true_on_call: z.number() }),
  z.strictObject({ raise: z.literal(true) }),
]);
const depths = { all: 'all', flow: 'flow', neighbors: 'neighbours', neighbours: 'neighbours', atom: 'atom' } as const;
const linkShape = z.strictObject({
  from: z.string(),
  to: z.string(),
  decider: deciderShape.nullish(),
  depth: z.enum(['all', 'flow', 'neighbors', 'neighbours', 'atom']).default('all'),
});
const flowShape = z.strictObject({
  linear: z.string().optional(),
  unordered: z.string().optional(),
  graph: z.string().optional(),
  targeted: z.string().optional(),
  children: z.array(json).default([]),
  links: z.array(linkShape).default([]),
  target: z.string().nullish(),
  retry: retryShape.nullish(),
  add_separately: z.boolean().optional(),
  resolve_requires: z.boolean().default(true),
});

/** Reads a case's flow. A task alone is a flow of one. Throws NotRunnable, naming what is not known. */
export function readFlow(raw: unknown): DrawnFlow {
  const read = readNode(raw);
  if (read.kind === 'flow') return read;
  return { kind: 'flow', name: '', pattern: 'linear', children: [read], links: [], retry: null, resolves: true, target: null };
}

function readNode(raw: unknown): Drawn {
  if (typeof raw !== 'object' || raw === null) throw new NotRunnable('unknown shape of a node: it is no object');
  if ('task' in raw) return readTask(parse(taskShape, raw, 'a task'));
  if ('retry_as_task' in raw) return { kind: 'misplaced', name: parse(retryShape, raw.retry_as_task, 'a retry').name };
  const shape = parse(flowShape, raw, 'a flow');
  const pattern = (['linear', 'unordered', 'graph', 'targeted'] as const).find((one) => shape[one] !== undefined);
  if (pattern === undefined) throw new NotRunnable(`unknown pattern of a flow: ${Object.keys(raw).join(', ')}`);
  return {
    kind: 'flow',
    name: shape[pattern] ?? '',
    pattern: pattern === 'targeted' ? 'graph' : pattern,
    children: shape.children.map(readNode),
    links: shape.links.map(({ from, to, decider, depth }) => ({ from, to, decider: readDecider(decider ?? null), depth: depths[depth] })),
    retry: shape.retry ? readRetry(shape.retry) : null,
    resolves: shape.resolve_requires,
    target: shape.target ?? null,
  };
}

function parse<T>(shape: z.ZodType<T>, raw: unknown, what: string): T {
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new NotRunnable(`unknown shape of ${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function readTask(shape: z.output<typeof taskShape>): DrawnTask {
  const { rebind: rebound, requires, revert_rebind: ownRebind, revert_requires: revertRequires } = shape;
  // TaskFlow takes the names of apply's arguments for revert's too, unless revert has names of its own.
  const hasOwnNames = Object.keys(ownRebind).length > 0;
  return {
    kind: 'task',
    name: shape.task,
    wants: [
      ...argumentsOf('apply', { required: requires, optional: shape.optional, symbolOf: boundNames(rebound, requires) }),
      ...argumentsOf('revert', {
        required: revertRequires,
        optional: shape.revert_optional,
        symbolOf: hasOwnNames ? boundNames(ownRebind, revertRequires) : namesOf(boundNames(rebound, requires), revertRequires),
      }),
    ],
    provides: readProvides(shape.provides),
    returns: shape.returns,
    apply: readConduct(shape.do),
    revert: readConduct(shape.revert),
    inject: shape.inject,
    priority: shape.priority,
  };
}

interface Signature {
  readonly required: readonly string[];
  readonly optional: z.output<typeof optional>;
  readonly symbolOf: { readonly [argument: string]: string };
}

/** A rebound argument that is not optional is required, whether or not it is listed. */
function argumentsOf(call: Wanted['call'], { required, optional, symbolOf }: Signature): Wanted[] {
  const fallbacks = Array.isArray(optional) ? Object.fromEntries(optional.map((name) => [name, null])) : optional;
  const needed = new Set([...required, ...Object.keys(symbolOf)].filter((argument) => !Object.hasOwn(fallbacks, argument)));
  const wanted = (argument: string) => ({ argument, symbol: symbolOf[argument] ?? argument, call });
  return [...[...needed].map(wanted), ...Object.entries(fallbacks).map(([argument, fallback]) => ({ ...wanted(argument), fallback }))];
}

function namesOf(symbolOf: Signature['symbolOf'], wanted: readonly string[]): Signature['symbolOf'] {
  return Object.fromEntries(
    wanted.flatMap((argument) => (Object.hasOwn(symbolOf, argument) ? [[argument, symbolOf[argument] ?? argument]] : [])),
  );
}

/** `rebind` by argument, or by place among the required arguments. */
function boundNames(rebound: z.output<typeof rebind>, requires: readonly string[]): { readonly [argument: string]: string } {
  if (!Array.isArray(rebound)) return rebound;
  return Object.fromEntries(rebound.map((symbol, index) => [requires[index] ?? symbol, symbol]));
}

function readProvides(shape: z.output<typeof provides>): Provided[] {
  if (shape === null || shape === undefined) return [];
  if (typeof shape === 'string') return [{ symbol: shape, at: null }];
  if (Array.isArray(shape)) return shape.map((symbol, index) => ({ symbol, at: String(index) }));
  return shape.set.map((symbol) => ({ symbol, at: symbol }));
}

function readConduct(shape: z.output<typeof conduct>): Conduct {
  if (typeof shape === 'string') return { kind: shape };
  if ('fail_times' in shape) return { kind: 'fail_times', times: shape.fail_times };
  if ('crash_times' in shape) return { kind: 'crash_times', times: shape.crash_times };
  return { kind: 'fail_unless', argument: shape.fail_unless.arg, equals: shape.fail_unless.equals };
}

function readDecider(shape: z.output<typeof deciderShape> | null): Decider | null {
  if (shape === null || typeof shape === 'boolean') return shape;
  if ('result_equals' in shape) return { equals: shape.result_equals };
  return 'true_on_call' in shape ? { onCall: shape.true_on_call } : 'raises';
}

function readRetry(shape: z.output<typeof retryShape>): DrawnRetry {
  const { name, revert_all: revertAll } = shape;
  const symbolOf = boundNames(shape.rebind, shape.requires);
  const values = { argument: 'values', symbol: symbolOf['values'] ?? 'values', call: 'apply' } as const;
  return {
    kind: 'retry',
    name,
    strategy: readStrategy(shape, revertAll),
    provides: readProvides(shape.provides),
    wants: shape.strategy === 'parameterized_for_each' ? [values] : [],
  };
}

function readStrategy(shape: z.output<typeof retryShape>, revertAll: boolean): Strategy {
  switch (shape.strategy) {
    case 'always_revert':
    case 'always_revert_all':
      return { kind: shape.strategy };
    case 'times':
      return { kind: 'times', attempts: shape.attempts, revertAll };
    case 'for_each':
      return { kind: 'for_each', values: Array.isArray(shape.values) ? shape.values : Object.entries(shape.values ?? {}), revertAll };
    case 'parameterized_for_each':
      return { kind: 'parameterised', revertAll };
    case 'scripted': {
      if (shape.revert !== 'ok') throw new NotRunnable('a retry is a rule here and runs no code of its own, so its own revert cannot fail');
      if (shape.do !== 'ok' && shape.do !== 'fail')
        throw new NotRunnable('a retry is a rule here and runs no code that could fail now and then');
      return { kind: 'scripted', decisions: shape.decisions, fails: shape.do === 'fail' };
    }
    default:
      throw new NotRunnable(`unknown retry strategy: ${shape.strategy}`);
  }
}
