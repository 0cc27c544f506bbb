// Evaluates controls, which need no call of a task. Each result is one entry, so that a replay evaluates nothing.
import type { Failure } from '../../failure/failure.ts';
import type { Json } from '../../json.ts';
import { payloadExcess } from '../../payload.ts';
import { atomsPerIteration } from '../graph/compiler.ts';
import { parsedElementKey } from '../graph/definition-plan.ts';
import type { AtomOf, CompiledAtom, CompiledContainer, Guard, GuardLink } from '../graph/graph.ts';
import { lookUp } from '../graph/index-spaces.ts';
import { endWithoutCatch } from './controls/catch.ts';
import { ignore } from './controls/ignore.ts';
import { leaveOut } from './controls/left-out.ts';
import { resolveInputs } from '../values/inputs.ts';
import { evaluate, resolveBinding } from '../values/names.ts';
import { keyOf, slotsOf } from '../state/element-key.ts';
import { heldExcess } from '../state/values/atom-values.ts';
import { isCaught, takenOf } from '../state/caught.ts';
import { isIgnored, isIgnoredAtom } from '../state/ignored.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** Largest number of elements of one for-each. */
export const MAX_ELEMENTS = 10_000;
/** Largest number of atoms of one run, including those of iterations. */
export const MAX_ATOMS = 250_000;

/** Evaluates a control that is ready. */
export function workOut(turn: Turn, compiled: CompiledAtom): void {
  switch (compiled.kind) {
    case 'gate':
      decideGate(turn, compiled);
      return;
    case 'each':
      takeElements(turn, compiled);
      return;
    case 'round':
      endRound(turn, compiled);
      return;
    case 'undo':
      takeUndoInputs(turn, compiled);
      return;
    case 'catch':
      endWithoutCatch(turn, compiled);
      return;
    case 'task':
    case 'stage':
    case 'retry':
      return;
  }
}

function succeed(turn: Turn, atom: RunAtom, output: Json): void {
  turn.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: 'PENDING', to: 'SUCCESS', data: { output } });
}

/** A container is complete: resolves the inputs of its own revert now, while their sources exist (SEMANTICS R6, R8). */
function takeUndoInputs(turn: Turn, compiled: AtomOf<'undo'>): void {
  const atom = atomAt(turn.run, compiled.index);
  const resolved = turn.reading(() => resolveInputs(turn.run, compiled))?.value;
  if (resolved === undefined) return;
  if (resolved.kind === 'failed') {
    turn.failUnapplied(atom, resolved.failure);
    return;
  }
  const { input, secrets } = resolved;
  turn.record({
    kind: 'ATOM',
    atom: atom.atom,
    attempt: atom.attempt + 1,
    from: 'PENDING',
    to: 'SUCCESS',
    data: { input, ...(Object.keys(secrets).length > 0 ? { secrets } : {}), output: {} },
  });
}

function takeElements(turn: Turn, compiled: AtomOf<'each'>): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const [binding] = compiled.bindings;
  const list = turn.reading(() =>
    attempt('The list', () => (binding === undefined ? undefined : resolveBinding(run, compiled.scope, binding))),
  )?.value;
  if (list === undefined) return;
  const { name } = compiled.item;
  const taken = 'failure' in list ? list : takeList(run, list.value, name);
  const assigned = 'failure' in taken ? taken : assignSlots(run, compiled, taken);
  if ('failure' in assigned) turn.failUnapplied(atom, assigned.failure);
  else {
    const { elements, ...slots } = assigned;
    turn.record({
      kind: 'ATOM',
      atom: atom.atom,
      attempt: atom.attempt + 1,
      from: 'PENDING',
      to: 'SUCCESS',
      data: { output: { elements }, ...slots },
    });
  }
}

/** The elements, and their slots and keys unless the elements alone give them. */
interface Assigned {
  readonly elements: Json[];
  readonly slots?: readonly number[];
  readonly keys?: readonly string[];
}
interface Failed {
  readonly failure: Failure;
}

/** Gives each element its slot: the slot of its key in an earlier list, else the next free one (SEMANTICS P6). */
function assignSlots(run: Run, compiled: AtomOf<'each'>, elements: Json[]): Assigned | Failed {
  const container = run.flow.containers[compiled.container];
  const cel = container?.item?.forEach?.key;
  const keys = cel === undefined ? elements.map(keyOf) : keysBy(cel, elements);
  if ('failure' in keys) return keys;
  const known = [...(container?.slots?.keys ?? [])];
  const slots = slotsOf(known, keys);
  const added = slots.filter((slot) => slot >= known.length).length;
  const tooMany = container === undefined || added === 0 ? null : tooManyAtoms(run, added * atomsPerIteration(run.flow, container));
  if (tooMany !== null) return { failure: tooMany };
  const isPlain = slots.every((slot, place) => slot === place);
  return { elements, ...(isPlain ? {} : { slots }), ...(cel === undefined ? {} : { keys }) };
}

function keysBy(cel: string, elements: readonly Json[]): string[] | Failed {
  const keys: string[] = [];
  for (const [place, element] of elements.entries()) {
    const key = attempt('It', () => keyOf(parsedElementKey(cel).evaluate({ inputs: {}, outputs: {}, secrets: {}, element })));
    if ('failure' in key) {
      const message = `The key of element ${place} of the list: ${key.failure.message}`;
      return { failure: { ...key.failure, message } };
    }
    keys.push(key.value);
  }
  return keys;
}

function tooManyAtoms(run: Run, added: number): Failure | null {
  if (run.atoms.length + added <= MAX_ATOMS) return null;
  return {
    code: 'TOO_MANY_ATOMS',
    message: `The run has ${run.atoms.length} atoms and would get ${added} more; at most ${MAX_ATOMS} are allowed.`,
  };
}

function takeList(run: Run, list: Json | undefined, name: string): Json[] | Failed {
  const failed = (code: string, message: string) => ({ failure: { code, message } });
  if (list === undefined) return failed('INPUT_ABSENT', `"${name}" has no list: its binding gave no value.`);
  if (!Array.isArray(list)) return failed('INPUT_INVALID', `"${name}" needs a list, but its binding gave another value.`);
  if (list.length > MAX_ELEMENTS) {
    return failed('TOO_MANY_ELEMENTS', `The list of "${name}" has ${list.length} elements; at most ${MAX_ELEMENTS} are allowed.`);
  }
  const shown = `The list of "${name}"`;
  const excess = payloadExcess(shown, list) ?? heldExcess(run, shown, list);
  return excess === null ? list : { failure: excess };
}

function endRound(turn: Turn, compiled: AtomOf<'round'>): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const container = run.flow.containers[compiled.container];
  const limit = container?.item?.loop?.limit ?? 1;
  const next = (compiled.scope.iteration ?? 0) + 1;
  const { again } = compiled;
  const answer = turn.reading(() =>
    attempt('The condition', () => (again === null ? false : evaluate(run, compiled.scope, { expression: again }))),
  )?.value;
  if (answer === undefined) return;
  if ('failure' in answer) turn.failUnapplied(atom, answer.failure);
  else if (typeof answer.value !== 'boolean') turn.failUnapplied(atom, notBoolean(answer.value));
  else if (answer.value && next >= limit) {
    const message = `"${container?.name ?? ''}" has run ${limit} rounds, its limit, and its condition asks for another.`;
    turn.failUnapplied(atom, { code: 'LOOP_LIMIT', message });
  } else {
    const isNew = container !== undefined && next === container.iterations.length;
    const tooMany = answer.value && isNew ? tooManyAtoms(run, atomsPerIteration(run.flow, container)) : null;
    if (tooMany !== null) turn.failUnapplied(atom, tooMany);
    else succeed(turn, atom, { again: answer.value });
  }
}

/** P4: opens if no live link says no; links from ignored items abstain. `any`, and P11: one satisfied link (on failure) is enough. */
function decideGate(turn: Turn, compiled: AtomOf<'gate'>): void {
  const { run } = turn;
  const { guard } = compiled;
  const atom = atomAt(run, compiled.index);
  const guarded = guardedAtom(run, guard);
  // Its condition could not be evaluated before, and the guarded item failed for that.
  if (guarded?.state === 'FAILURE') return;
  if (guarded !== undefined && isDecided(guarded)) {
    succeed(turn, atom, { open: true });
    return;
  }
  const votes = turn.reading(() => votesOf(run, compiled, guard))?.value;
  if (votes === undefined) return;
  if ('code' in votes) {
    failGuarded(turn, compiled, { guard, failure: votes });
    return;
  }
  if (guard.needsOne) {
    const isFed = guard.needs.every((node) => run.progress.passed[node] === 1);
    if (isFed && votes.some(({ says }) => says === 'yes')) succeed(turn, atom, { open: true });
    else if (guard.links.every(({ source }) => run.progress.passed[source] === 1) && isFed) {
      if (guard.links.some((link) => link.onFailure || isCaught(run, containerBefore(run, link)))) leaveOut(turn, compiled);
      else ignore(turn, compiled, { depth: 'all', because: 'none of its links was satisfied' });
    }
    return;
  }
  const onFailure = votes.filter(({ link }) => link.onFailure);
  if (onFailure.length > 0 && !onFailure.some(({ says }) => says === 'yes')) {
    leaveOut(turn, compiled);
    return;
  }
  const noes = votes.filter(({ says, link }) => says === 'no' && !link.onFailure).map(({ link }) => link);
  if (noes.length === 0) {
    succeed(turn, atom, { open: true });
    return;
  }
  const widest = DEPTHS.find((depth) => noes.some((link) => link.depth === depth)) ?? 'all';
  const names = noes.map(({ from }) => from).join(', ');
  ignore(turn, compiled, { depth: widest, because: `the condition of the link from ${names} is false` });
}

interface Vote {
  readonly link: GuardLink;
  readonly says: 'yes' | 'no' | 'nothing';
}

/** The result of each link, or the failure of the first condition that cannot be evaluated. */
function votesOf(run: Run, compiled: CompiledAtom, { links }: Guard): readonly Vote[] | Failure {
  const votes: Vote[] = [];
  for (const link of links) {
    const says = run.progress.passed[link.source] !== 1 ? 'nothing' : voteOf(run, compiled, link);
    if (typeof says === 'object') return says;
    votes.push({ link, says });
  }
  return votes;
}

/** An item that stands from an earlier pass, or that a person skipped, is not decided again. */
function isDecided(atom: RunAtom): boolean {
  return atom.state !== 'PENDING' && !isIgnoredAtom(atom);
}

/** Widest first: of several noes the widest depth counts (SEMANTICS P5). */
const DEPTHS = ['all', 'flow', 'neighbours', 'atom'] as const;

function voteOf(run: Run, { scope }: CompiledAtom, link: GuardLink): 'yes' | 'no' | 'nothing' | Failure {
  const container = containerBefore(run, link);
  const taken = isCaught(run, container) ? takenOf(run, container) : null;
  if (link.onFailure) return taken?.to === link.to ? 'yes' : 'no';
  if (taken !== null) return 'no';
  if (isIgnored(run, link.source)) return 'nothing';
  const { decider } = link;
  if (decider === null) return 'yes';
  const answer = attempt('The condition', () => evaluate(run, scope, { expression: decider }));
  if ('failure' in answer) return answer.failure;
  if (typeof answer.value !== 'boolean') return notBoolean(answer.value);
  return answer.value ? 'yes' : 'no';
}

/** The source of a link, if it is a container. */
function containerBefore({ flow }: Run, { source }: GuardLink): CompiledContainer | undefined {
  return lookUp(flow.containers, flow.nodes[source]?.boundaryOf);
}

/** A condition that cannot be evaluated is a failure of the guarded item. */
function failGuarded(turn: Turn, gate: CompiledAtom, { guard, failure }: { guard: Guard; failure: Failure }): void {
  turn.failUnapplied(guardedAtom(turn.run, guard) ?? atomAt(turn.run, gate.index), failure);
}

/** The guarded item, if it is one atom. */
function guardedAtom({ flow, atoms }: Run, { first }: Guard): RunAtom | undefined {
  const target = flow.nodes[first];
  return target?.kind === 'ATOM' ? atoms[target.atom] : undefined;
}

function notBoolean(value: Json): Failure {
  return {
    code: 'EXPRESSION_FAILED',
    message: `The condition gives ${JSON.stringify(value).slice(0, 100)} where true or false is needed.`,
  };
}

/** `shown` names what is evaluated: `The list`. */
function attempt<T>(shown: string, work: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: work() };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { failure: { code: 'EXPRESSION_FAILED', message: `${shown} could not be evaluated: ${why}` } };
  }
}
