// Retries (R1 to R3): the decision about a failure inside a container, and beginning the container again.
// 1. A retry is asked once per failure; its decision is an entry (ASKED), so a replay evaluates nothing.
// 2. RETRY undoes only the container; the rest of the run goes on (R2). 3. Delays are times in the logbook.
import type { Failure } from '../../../failure/failure.ts';
import { type Json, isJsonObject } from '../../../json.ts';
import type { RetryDecision } from '../../../logbook/entry.ts';
import { MOST_ATTEMPTS, type RetryPolicy } from '../../../definition/schema.ts';
import { type AtomOf, type CompiledRetry, nodesInside } from '../../graph/graph.ts';
import { type AtomIndex, type NodeIndex, lookUp } from '../../graph/index-spaces.ts';
import { payloadExcess } from '../../../payload.ts';
import { heldExcess } from '../../state/values/atom-values.ts';
import { evaluate, resolveBinding } from '../../values/names.ts';
import { type Run, type RunAtom, atomAt } from '../../state/run.ts';
import type { Turn } from '../turn.ts';
import { setForwardSince } from '../../state/agenda.ts';

/** Begins the first or a further attempt: the retry gives its value, or fails when it has none. */
export function beginRetry(turn: Turn, index: AtomIndex): void {
  const value = turn.reading(() => boundedValue(turn, index))?.value;
  if (value !== undefined) beginAttempt(turn, index, value);
}

function beginAttempt(turn: Turn, index: AtomIndex, value: AttemptValue): void {
  const atom = atomAt(turn.run, index);
  turn.record({ kind: 'ATOM', atom: atom.atom, attempt: atom.attempt + 1, from: atom.state, to: 'RUNNING' });
  if ('failure' in value) turn.move(atom, 'FAILURE', { failure: value.failure });
  else turn.move(atom, 'SUCCESS', { output: { value: value.value, attempt: atom.history.length + 1 }, control: true });
}

/** Asks a retry about the failure of an atom in its container, and records its decision; undefined: see `reading`. */
export function askRetry(turn: Turn, index: AtomIndex, failed: RunAtom): RetryDecision | undefined {
  const { run } = turn;
  const retry = atomAt(run, index);
  const compiled = run.flow.atoms[index]?.retry;
  if (compiled == null) return 'REVERT';
  // Its decision about this attempt holds for all atoms that fail in it; a RETRY holds only while its container is being undone.
  const said = saidOf(retry);
  if (said !== undefined && (said !== 'RETRY' || isUndoing(run, index))) return said;
  const failure = failed.failure ?? { code: 'TASK_THREW', message: '' };
  const word = turn.reading(() => decisionOf(turn, { index, compiled, failed, failure }))?.value;
  if (word === undefined) return undefined;
  turn.record({
    kind: 'MARK',
    atom: retry.atom,
    attempt: retry.attempt,
    mark: 'ASKED',
    data: {
      ...{ decision: word.decision, atom: failed.atom },
      ...(word.next === undefined ? {} : { value: word.next }),
      ...(word.reason === undefined ? {} : { reason: word.reason }),
    },
  });
  return word.decision;
}

/** The container is undone: its atoms begin again, at once or after the delay. */
export function beginContainerAgain(turn: Turn, index: AtomIndex): void {
  const { run } = turn;
  const compiled = run.flow.atoms[index];
  if (compiled?.kind !== 'retry') return;
  const { policy } = compiled.retry;
  const atom = atomAt(run, index);
  const delay = delayOf(policy, atom.history.length, chanceOf(turn, atom));
  const notBefore = delay > 0 ? turn.time + delay : 0;
  const again = atomsBegunAnew(run, compiled);
  if (notBefore > 0) {
    turn.move(atom, 'RETRYING', { again, notBefore });
    return;
  }
  const value = turn.reading(() => boundedValue(turn, index))?.value;
  if (value === undefined) return;
  turn.move(atom, 'RETRYING', { again });
  beginAttempt(turn, index, value);
}

type AttemptValue = { readonly value: Json } | { readonly failure: Failure };

interface Asked {
  readonly index: AtomIndex;
  readonly compiled: CompiledRetry;
  readonly failed: RunAtom;
  readonly failure: Failure;
}

/** The decision of a retry; `reason` if its expression or values could not be evaluated, and it therefore declines. */
interface Word {
  readonly decision: RetryDecision;
  readonly next?: Json;
  readonly reason?: string;
}

function decisionOf(turn: Turn, asked: Asked): Word {
  try {
    return evaluatedDecision(turn, asked);
  } catch (thrown) {
    return { decision: 'REVERT', reason: `The retry could not decide: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

function evaluatedDecision(turn: Turn, asked: Asked): Word {
  const { run } = turn;
  const { strategy, ...policy } = asked.compiled.policy;
  const retry = atomAt(run, asked.index);
  if (strategy.kind === 'always_revert') return { decision: 'REVERT' };
  if (strategy.kind === 'always_revert_all') return { decision: 'REVERT_ALL' };
  if (strategy.kind === 'expression') return saidByExpression(run, asked);
  const givesUp = { decision: strategy.revertAll ? 'REVERT_ALL' : 'REVERT' } as const;
  const tried = retry.history.length + 1;
  if (isLate(turn.run, { retry, policy }, turn.time + delayOf(policy, tried, 0)) || !isRetried(policy, asked.failure)) return givesUp;
  const most = strategy.kind === 'times' ? strategy.attempts : (valuesOf(run, asked.index)?.length ?? 0);
  return tried < most ? { decision: 'RETRY' } : givesUp;
}

/** Would an attempt that begins at `time` begin after the retry's time limit? */
function isLate(run: Run, { retry, policy: { timeLimitMs } }: TimedRetry, time: number): boolean {
  if (timeLimitMs === undefined) return false;
  const since = retry.history[0]?.startedAt ?? retry.startedAt;
  return time > since + timeLimitMs + setForwardSince(run, since);
}

interface TimedRetry {
  readonly retry: RunAtom;
  readonly policy: Pick<RetryPolicy, 'timeLimitMs'>;
}

function isUndoing({ flow, undo }: Run, index: AtomIndex): boolean {
  const container = flow.atoms[index]?.container;
  return container != null && (undo?.scopes.has(container) ?? false);
}

function isRetried({ onlyCodes, exceptCodes }: Pick<RetryPolicy, 'onlyCodes' | 'exceptCodes'>, { code }: Failure): boolean {
  return (onlyCodes === undefined || onlyCodes.includes(code)) && !(exceptCodes?.includes(code) ?? false);
}

const DECISIONS: readonly unknown[] = ['RETRY', 'REVERT', 'REVERT_ALL'] satisfies RetryDecision[];

/** A custom expression over the history; one that cannot be evaluated declines. */
function saidByExpression(run: Run, { index, compiled, failed, failure }: Asked): Word {
  const { expression } = compiled;
  const scope = run.flow.atoms[index]?.scope;
  const retry = atomAt(run, index);
  const { strategy } = compiled.policy;
  const most = (strategy.kind === 'expression' ? strategy.attempts : undefined) ?? MOST_ATTEMPTS;
  // At its limit the expression is not evaluated, because each attempt lengthens the history that it reads.
  if (expression === null || scope === undefined || retry.history.length + 1 >= most) return { decision: 'REVERT' };
  const latest = { atom: failed.atom, code: failure.code, message: failure.message };
  const history = [...retry.history, { value: ownValue(retry), failures: [latest] }].map(({ value, failures }) => ({
    value,
    failures: [...failures],
  }));
  const answer = evaluate(run, scope, { expression, retry: { attempt: history.length, failure: latest, history } });
  const decision = isJsonObject(answer) ? answer['decision'] : answer;
  if (!DECISIONS.includes(decision)) return { decision: 'REVERT' };
  const next = isJsonObject(answer) ? answer['value'] : undefined;
  return { decision: decision as RetryDecision, ...(next === undefined ? {} : { next }) };
}

/** The value of the attempt that begins now, if a run can hold it. */
function boundedValue(turn: Turn, index: AtomIndex): AttemptValue {
  let given: AttemptValue;
  try {
    given = attemptValue(turn, index);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { failure: { code: 'EXPRESSION_FAILED', message: `The values of the retry could not be evaluated: ${why}` } };
  }
  if ('failure' in given) return given;
  const failure = payloadExcess('The value of the retry', given.value) ?? heldExcess(turn.run, 'The value of the retry', given.value);
  return failure === null ? given : { failure };
}

/** The value of the attempt that begins now, from the earlier attempts. */
function attemptValue({ run, time }: Turn, index: AtomIndex): AttemptValue {
  const atom = atomAt(run, index);
  const policy = run.flow.atoms[index]?.retry?.policy;
  // Undoing the previous attempt, or a pause, took longer than the remaining time.
  if (policy !== undefined && atom.history.length > 0 && isLate(run, { retry: atom, policy }, time)) {
    const message = `The time limit of ${policy.timeLimitMs} ms passed before the next attempt could begin.`;
    return { failure: { code: 'RETRY_TIME_LIMIT', message } };
  }
  const strategy = policy?.strategy;
  const tried = atom.history.length;
  switch (strategy?.kind) {
    case undefined:
    case 'always_revert':
    case 'always_revert_all':
      return { value: null };
    case 'times':
      return { value: tried + 1 };
    case 'for_each':
    case 'parameterised': {
      const values = valuesOf(run, index);
      if (values === null) return { failure: { code: 'INPUT_ABSENT', message: 'The values to try are absent, or not a list.' } };
      const value = values[tried];
      return value === undefined ? { failure: { code: 'NO_VALUES', message: 'There is no value to try.' } } : { value };
    }
    case 'expression':
      return { value: tried === 0 ? strategy.first : (atom.history.at(-1)?.next ?? null) };
  }
}

function valuesOf(run: Run, index: AtomIndex): readonly Json[] | null {
  const compiled = run.flow.atoms[index];
  const strategy = compiled?.retry?.policy.strategy;
  if (strategy?.kind === 'for_each') return strategy.values;
  const values = compiled?.retry?.values;
  if (compiled === undefined || values == null) return null;
  const list = resolveBinding(run, compiled.scope, values);
  return Array.isArray(list) ? list : null;
}

/** The decision of the retry about its present attempt, if it was already asked. */
function saidOf({ history, attempt }: RunAtom): RetryDecision | undefined {
  const last = history.at(-1);
  return last?.attempt === attempt ? last.decision : undefined;
}

function ownValue({ output }: RunAtom): Json {
  return isJsonObject(output) ? (output['value'] ?? null) : null;
}

function delayOf({ delayMs, backoff, maxDelayMs, jitter }: Omit<RetryPolicy, 'strategy'>, tried: number, chance: number): number {
  const grown = Math.min(delayMs * backoff ** Math.max(0, tried - 1), maxDelayMs ?? Number.MAX_SAFE_INTEGER);
  return Math.round(grown * (1 - jitter * chance));
}

/** A pseudo-random share from the event, so that a decision stays a pure function: spread over jobs by time and entry number. */
function chanceOf({ time, run }: Turn, { atom }: RunAtom): number {
  let mixed = (time ^ (run.number * 2_654_435_761)) | 0;
  for (let at = 0; at < atom.length; at += 1) mixed = Math.imul(mixed ^ atom.charCodeAt(at), 16_777_619);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2_246_822_519);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4_294_967_296;
}

/** Every atom of the container that has left PENDING, last link first, in the order in which TaskFlow resets them. */
function atomsBegunAnew(run: Run, retry: AtomOf<'retry'>): string[] {
  const { flow } = run;
  const inside = new Set(nodesInside(flow, retry.container));
  const exit = flow.containers[retry.container]?.exit;
  const reached = [...(flow.nodes[retry.node]?.after ?? [])];
  const seen = new Set<NodeIndex>();
  const again: string[] = [];
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    if (seen.has(node) || node === exit || !inside.has(node)) continue;
    seen.add(node);
    const found = flow.nodes[node];
    if (found === undefined) continue;
    const atom = lookUp(run.atoms, found.atom);
    // A taken catch is PENDING until its item is undone, but already has an output.
    if (atom !== undefined && (atom.state !== 'PENDING' || atom.output !== null)) again.push(atom.atom);
    reached.push(...found.after);
  }
  return again;
}
