// Controls: what the core works out itself, without a call. Each is one entry, so that a replay evaluates nothing.
import type { Failure } from '../../failure.ts';
import type { Json } from '../../json.ts';
import { payloadExcess } from '../../payload.ts';
import type { CompiledAtom, Guard, GuardLink } from '../graph/graph.ts';
import { ignore } from './ignore.ts';
import { resolveInputs } from '../values/inputs.ts';
import { evaluate, resolveBinding } from '../values/names.ts';
import { isIgnored, isIgnoredAtom } from '../state/ignored.ts';
import { type Run, type RunAtom, atomAt } from '../state/run.ts';
import type { Turn } from './turn.ts';

/** Most elements of one for-each. */
export const MAX_ELEMENTS = 10_000;
/** Most atoms of one run, those that for-each and loops make included. */
export const MAX_ATOMS = 250_000;

/** Works out a control whose turn has come. */
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
    case 'task':
    case 'stage':
    case 'retry':
      return;
  }
}

function succeed(turn: Turn, atom: RunAtom, output: Json): void {
  turn.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: 'PENDING', to: 'SUCCESS', data: { output } });
}

/** A container is complete: what its own revert will need is resolved now, while it is there (SEMANTICS R6, R8). */
function takeUndoInputs(turn: Turn, compiled: CompiledAtom): void {
  const atom = atomAt(turn.run, compiled.index);
  const resolved = resolveInputs(turn.run, compiled);
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

function takeElements(turn: Turn, compiled: CompiledAtom): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const list = attempt(() => {
    const [binding] = compiled.bindings;
    return binding === undefined ? undefined : resolveBinding(run, compiled.scope, binding);
  });
  const failure = 'failure' in list ? list.failure : whyNoList(run, list.value, compiled.item.name);
  if (failure !== null) turn.failUnapplied(atom, failure);
  else if ('value' in list) succeed(turn, atom, { elements: list.value as Json });
}

function whyNoList(run: Run, list: Json | undefined, name: string): Failure | null {
  if (list === undefined) return { code: 'INPUT_ABSENT', message: `"${name}" has no list: what it is bound to gave nothing.` };
  if (!Array.isArray(list)) return { code: 'INPUT_INVALID', message: `"${name}" goes through a list, but what it is bound to is none.` };
  if (list.length > MAX_ELEMENTS) {
    return {
      code: 'TOO_MANY_ELEMENTS',
      message: `The list of "${name}" has ${list.length} elements; at most ${MAX_ELEMENTS} are gone through.`,
    };
  }
  if (run.atoms.length > MAX_ATOMS) {
    return { code: 'TOO_MANY_ATOMS', message: `The run has ${run.atoms.length} atoms already; at most ${MAX_ATOMS} are kept.` };
  }
  return payloadExcess(`The list of "${name}"`, list);
}

function endRound(turn: Turn, compiled: CompiledAtom): void {
  const { run } = turn;
  const atom = atomAt(run, compiled.index);
  const container = run.flow.containers[compiled.container];
  const limit = container?.item?.loop?.limit ?? 1;
  const { again } = compiled;
  const answer = attempt(() => (again === null ? false : evaluate(run, compiled.scope, { expression: again })));
  if ('failure' in answer) turn.failUnapplied(atom, answer.failure);
  else if (typeof answer.value !== 'boolean') turn.failUnapplied(atom, notBoolean(answer.value));
  else if (answer.value && compiled.scope.iteration + 1 >= limit) {
    const message = `"${container?.name ?? ''}" has gone round ${limit} times, its limit, and would go round again.`;
    turn.failUnapplied(atom, { code: 'LOOP_LIMIT', message });
  } else if (answer.value && run.atoms.length > MAX_ATOMS) {
    turn.failUnapplied(atom, { code: 'TOO_MANY_ATOMS', message: `The run has ${run.atoms.length} atoms; at most ${MAX_ATOMS} are kept.` });
  } else succeed(turn, atom, { again: answer.value });
}

/** P4: runs if none of the live links says no; a link from what was ignored abstains. `any`: one satisfied link is enough. */
function decideGate(turn: Turn, compiled: CompiledAtom): void {
  const { run } = turn;
  const { guard } = compiled;
  const atom = atomAt(run, compiled.index);
  if (guard === null) return;
  const guarded = guardedAtom(run, guard);
  // Its condition could not be told before, and failed what it guards.
  if (guarded?.state === 'FAILURE') return;
  if (guarded !== undefined && isDecided(guarded)) {
    succeed(turn, atom, { open: true });
    return;
  }
  const votes: { link: GuardLink; says: 'yes' | 'no' | 'nothing' }[] = [];
  for (const link of guard.links) {
    const vote = run.progress.passed[link.source] !== 1 ? 'nothing' : voteOf(run, compiled, link);
    if (typeof vote === 'object') {
      failGuarded(turn, compiled, { guard, failure: vote });
      return;
    }
    votes.push({ link, says: vote });
  }
  if (guard.any) {
    const isFed = guard.needs.every((node) => run.progress.passed[node] === 1);
    if (isFed && votes.some(({ says }) => says === 'yes')) succeed(turn, atom, { open: true });
    else if (guard.links.every(({ source }) => run.progress.passed[source] === 1) && isFed) {
      ignore(turn, compiled, { depth: 'all', because: 'none of its links was satisfied' });
    }
    return;
  }
  const noes = votes.filter(({ says }) => says === 'no').map(({ link }) => link);
  if (noes.length === 0) {
    succeed(turn, atom, { open: true });
    return;
  }
  const widest = DEPTHS.find((depth) => noes.some((link) => link.depth === depth)) ?? 'all';
  const names = noes.map(({ from }) => from).join(', ');
  ignore(turn, compiled, { depth: widest, because: `the link from ${names} says no` });
}

/** An item that stands from an earlier pass, or that a person skipped, is not decided on anew. */
function isDecided(atom: RunAtom): boolean {
  return atom.state !== 'PENDING' && !isIgnoredAtom(atom);
}

/** Widest first: of several noes the widest depth counts (SEMANTICS P5). */
const DEPTHS = ['all', 'flow', 'neighbours', 'atom'] as const;

function voteOf(run: Run, { scope }: CompiledAtom, link: GuardLink): 'yes' | 'no' | 'nothing' | Failure {
  if (isIgnored(run, link.source)) return 'nothing';
  const { decider } = link;
  if (decider === null) return 'yes';
  const answer = attempt(() => evaluate(run, scope, { expression: decider }));
  if ('failure' in answer) return answer.failure;
  if (typeof answer.value !== 'boolean') return notBoolean(answer.value);
  return answer.value ? 'yes' : 'no';
}

/** A condition that cannot be told is a failure of what it guards. */
function failGuarded(turn: Turn, gate: CompiledAtom, { guard, failure }: { guard: Guard; failure: Failure }): void {
  turn.failUnapplied(guardedAtom(turn.run, guard) ?? atomAt(turn.run, gate.index), failure);
}

/** The guarded item, where it is one atom. */
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

function attempt<T>(work: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: work() };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { failure: { code: 'EXPRESSION_FAILED', message: `It could not be evaluated: ${why}` } };
  }
}
