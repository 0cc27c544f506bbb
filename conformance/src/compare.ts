// Compares the observed steps with the recorded ones, or with those of the reference. Each difference is one sentence.
import { isDeepStrictEqual } from 'node:util';
import type { Call, Recorded } from './case.ts';
import { brokenOrders, pairsOf } from './orders.ts';
import type { DrawnGraph } from './drawn-graph.ts';
import type { StepOutcome } from './subject.ts';

/** The problems of a definition that correspond to an error of TaskFlow before a run. */
const REFUSALS: { readonly [error: string]: readonly string[] } = {
  MissingDependencies: ['INPUT_MISSING', 'BINDING_NOT_BEFORE', 'BINDING_INPUT_UNKNOWN'],
  Duplicate: ['ID_DUPLICATE'],
  TypeError: ['SHAPE_INVALID'],
  DependencyFailure: ['CYCLE'],
};

/** The way a run was driven: in serial order everything is compared, else only the orders that the flow forces. */
export interface Manner {
  readonly isSerial: boolean;
  readonly graph: DrawnGraph;
  /** The step after a preset: atoms that the preset's own entries set back are not set back again. */
  readonly isAfterPreset: boolean;
  /** The run was finished before this step. */
  readonly wasFinished: boolean;
}

export function compareRecorded(recorded: Recorded, seen: StepOutcome, manner: Manner): string[] {
  const left = recorded.persisted_varies ?? (recorded.persisted === undefined ? [] : [recorded.persisted]);
  if (left.length > 0) {
    const answers = left.map((choice) => [
      ...(choice.flow_state === undefined ? [] : differ('state of the flow as left', choice.flow_state, seen.flow)),
      ...compareAnyStates(choice, seen.states),
    ]);
    return answers.some((answer) => answer.length === 0) ? [] : (answers[0] ?? []);
  }
  const isCheck = recorded.op === 'build' || recorded.op === 'compile' || recorded.op === 'validate';
  const isToRefuse = Object.hasOwn(REFUSALS, recorded.error?.type ?? '');
  if (isCheck || isToRefuse) return [...compareRefusal(recorded, seen), ...(isToRefuse ? compareUnbegun(recorded, seen) : [])];
  if (seen.refused.length > 0) return [`it is refused: ${seen.refused.join(', ')}`];
  return [
    ...(recorded.op === 'preset' ? [] : compareFlow(recorded, seen)),
    ...compareAnyStates(recorded, seen.states),
    ...compareCalls(recorded, seen.calls, manner),
    ...compareEvents(recorded, seen.events, manner),
    ...(recorded.flow_state === 'SUCCESS' ? compareResults(recorded, seen) : []),
  ];
}

function compareRefusal(recorded: Recorded, seen: StepOutcome): string[] {
  const { error } = recorded;
  if (error === undefined) {
    if (seen.refused.length > 0) return [`it is refused: ${seen.refused.join(', ')}`];
    return recorded.edges === undefined ? [] : differ('edges', [...recorded.edges].sort(), seen.edges);
  }
  const wanted = REFUSALS[error.type];
  if (seen.refused.length === 0) return [`it is not refused, where ${error.type} was raised`];
  if (wanted !== undefined && !seen.refused.some((code) => wanted.includes(code))) {
    return [`it is refused with ${seen.refused.join(', ')} where ${error.type} was raised`];
  }
  return [];
}

/** A refusal changes nothing. */
function compareUnbegun(recorded: Recorded, seen: StepOutcome): string[] {
  return [
    ...(recorded.flow_state === undefined ? [] : differ('state of the flow', recorded.flow_state, seen.flow)),
    ...(seen.calls.length + seen.events.length === 0 ? [] : ['something ran, though it is refused']),
  ];
}

function compareFlow({ flow_state: state, flow_state_varies: varies }: Recorded, { flow }: StepOutcome): string[] {
  const choices = varies ?? (state === undefined ? [flow] : [state]);
  return choices.includes(flow) ? [] : differ('state of the flow', choices[0], flow);
}

function compareAnyStates(recorded: Pick<Recorded, 'atom_states' | 'atom_states_varies'>, states: StepOutcome['states']): string[] {
  const choices = recorded.atom_states_varies ?? (recorded.atom_states === undefined ? [] : [recorded.atom_states]);
  const answers = choices.map((choice) => compareStates(choice, states));
  return answers.some((answer) => answer.length === 0) ? [] : (answers[0] ?? []);
}

function compareStates(recorded: { readonly [atom: string]: string }, states: StepOutcome['states']): string[] {
  const known = Object.entries(recorded).flatMap(([atom, state]) => differ(`state of ${atom}`, state, states[atom] ?? 'absent'));
  const extra = Object.keys(states).filter((atom) => !Object.hasOwn(recorded, atom));
  return [...known, ...extra.map((atom) => `${atom} is there, ${states[atom]}, and was not in the recorded run`)];
}

function compareCalls(recorded: Recorded, calls: readonly Call[], { isSerial }: Manner): string[] {
  const listed = recorded.calls ?? recorded.calls_unordered;
  if (listed == null) return [];
  const isOrdered = isSerial && recorded.calls != null;
  const wanted = listed.map(normalCall);
  const given = calls.map(normalCall);
  if (!isOrdered) {
    wanted.sort();
    given.sort();
  }
  return differAt('call', wanted, given);
}

/** Failures come in no order of their own; a key's place means nothing. */
function normalCall(call: unknown): string {
  return JSON.stringify(sorted(call));
}
function sorted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return key === 'flow_failures' ? [...value].sort() : value.map((one) => sorted(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one, name)]),
  );
}

function compareEvents(recorded: Recorded, events: readonly string[], manner: Manner): string[] {
  const wanted = recorded.ordered_events?.map(String);
  if (wanted !== undefined) {
    const expected = inOurWords(wanted, manner);
    const isTotal = manner.isSerial || recorded.ordered_events_hold_for === undefined;
    if (manner.isSerial) return differAt('event', expected, events);
    return isTotal ? brokenOrders(manner.graph, pairsOf(expected), events) : [];
  }
  const pairs = recorded.partial_order ?? [];
  return brokenOrders(manner.graph, pairs.some(isOfTakeover) ? pairs.filter((pair) => !isOfTakeover(pair)) : pairs, events);
}

/** TaskFlow goes RESUMING and SUSPENDED when an engine takes over from a dead one; here that is one claim. */
function isOfTakeover(pair: readonly [string, string]): boolean {
  return pair.some((event) => event === 'flow RESUMING' || event === 'flow SUSPENDED');
}

/**
 * TaskFlow's ways of saying what is said otherwise here: RESUMING, SUSPENDED, RUNNING is one takeover; running a finished
 * run is RUNNING and its end again, and nothing here; setting a finished run back is a new run, which begins PENDING.
 */
function inOurWords(events: readonly string[], { isAfterPreset, wasFinished }: Manner): string[] {
  let shown = [...events];
  if (shown[0] === 'flow RESUMING' && shown[1] === 'flow SUSPENDED') shown = shown.slice(2);
  const isIdle = shown.length === 2 && shown[0] === 'flow RUNNING' && shown[1]?.startsWith('flow ');
  if (wasFinished && isIdle) return [];
  if (wasFinished) while (shown[0]?.endsWith(' PENDING')) shown.shift();
  if (!isAfterPreset) return shown;
  const begins = shown.findIndex((event) => event !== 'flow RUNNING' && !event.endsWith(' PENDING'));
  return shown.filter((event, at) => at >= begins || event === 'flow RUNNING');
}

function compareResults(recorded: Recorded, { results }: StepOutcome): string[] {
  return Object.entries(recorded.results ?? {}).flatMap(([symbol, value]) => {
    const found = results[symbol] ?? [];
    if (found.length === 1 && isDeepStrictEqual(value, found[0])) return [];
    const asText = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
    return Array.isArray(value) && isDeepStrictEqual(asText(value), asText(found)) ? [] : differ(`value of ${symbol}`, value, found);
  });
}

/** The strictness of the comparison with the reference: `events` in order, `calls` in any order, or only the final states. */
export type Closeness = 'events' | 'calls' | 'states';

/** The engine's step against the reference's. */
export function compareSteps(wanted: StepOutcome, seen: StepOutcome, closeness: Closeness): string[] {
  if (seen.refused.length > 0) return [`it is refused: ${seen.refused.join(', ')}`];
  const calls = closeness === 'events' ? [wanted.calls.map(normalCall), seen.calls.map(normalCall)] : [callsOf(wanted), callsOf(seen)];
  return [
    ...differ('state of the flow', wanted.flow, seen.flow),
    ...compareStates(wanted.states, seen.states),
    ...(closeness === 'states' ? [] : differAt('call', calls[0] ?? [], calls[1] ?? [])),
    ...(closeness === 'events' ? differAt('event', wanted.events, seen.events) : []),
  ];
}

/** The calls of a step, without their order. */
export function callsOf({ calls }: Pick<StepOutcome, 'calls'>): string[] {
  return calls.map(normalCall).sort();
}

function differ(what: string, wanted: unknown, seen: unknown): string[] {
  return isDeepStrictEqual(wanted, seen) ? [] : [`${what}: ${short(seen)} instead of ${short(wanted)}`];
}

function differAt(what: string, wanted: readonly string[], seen: readonly string[]): string[] {
  const at = Array.from({ length: Math.max(wanted.length, seen.length) }).findIndex((_, index) => wanted[index] !== seen[index]);
  return at < 0 ? [] : [`${what} ${at + 1}: ${seen[at] ?? 'none'} instead of ${wanted[at] ?? 'none'}`];
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
