// The tasks of a case, as the engine calls them.
import { type JsonObject, isJsonObject } from '@windlass/engine/definition';
import { type RunEvent, wholeCall } from '@windlass/engine/run';
import type { TestRun } from '@windlass/engine/testing';
import { type Call, NotRunnable } from './case.ts';
import { type Answer, Conducts } from './conduct.ts';
import { type Prepared, SAYS } from './definition.ts';
import type { DrawnTask } from './drawing.ts';
import { argumentsFrom } from './names.ts';
import type { DrawnGraph } from './drawn-graph.ts';

export type Command = TestRun['pending'][number];

/** The answer of a call, and the record of the call. */
export interface Answered {
  readonly kind: 'apply' | 'revert';
  readonly atom: string;
  readonly attempt: number;
  readonly revertAttempt: number;
  readonly answer: { readonly kind: 'done'; readonly output: JsonObject } | { readonly kind: 'failed' } | { readonly kind: 'crash' };
  /** The record of the call; null when the task was not called. */
  readonly call: Call | null;
}

export class World {
  readonly #prepared: Prepared;
  readonly #graph: DrawnGraph;
  readonly #conducts = new Conducts();

  constructor(prepared: Prepared, graph: DrawnGraph) {
    this.#prepared = prepared;
    this.#graph = graph;
  }

  /** Calls the task, once. Null for a command that is no call. */
  call(command: Command, failures: readonly string[]): Answered | null {
    if (command.kind !== 'CALL') return null;
    const { kind, atom, attempt, input, output } = wholeCall(command.call, () => undefined);
    const task = this.#prepared.tasks.get(this.#prepared.names.get(atom) ?? '');
    if (task === undefined || (kind !== 'apply' && kind !== 'revert')) throw new NotRunnable(`unknown call: ${kind} ${atom}`);
    const inputs = this.#prepared.catalog.find(`case.${atom}`, 1)?.input.parse(input) as JsonObject;
    const common = { kind, atom, attempt, revertAttempt: command.revertAttempt };
    const { given, absent } = argumentsFrom(inputs, kind, task.wants);
    // No task is called without an argument that it requires: here the call is the failure.
    if (absent.length > 0) return { ...common, answer: { kind: 'failed' }, call: null };
    if (kind === 'apply') {
      const answer = this.#applied(task, this.#conducts.apply(task, given));
      return { ...common, answer, call: ['execute', task.name, given] };
    }
    const result = isJsonObject(output) && output['result'] !== undefined ? output['result'] : 'Failure';
    const undone = { result, flow_failures: [...failures], ...given };
    return { ...common, answer: plain(this.#conducts.revert(task, given)), call: ['revert', task.name, undone] };
  }

  #applied(task: DrawnTask, answer: Answer): Answered['answer'] {
    if (answer.kind !== 'done') return answer;
    const says = this.#says(task);
    return { kind: 'done', output: { result: answer.result, ...(Object.keys(says).length > 0 ? { [SAYS]: says } : {}) } };
  }

  /** The answers of the deciders that count their calls, on the links that leave the task. */
  #says(task: DrawnTask): JsonObject {
    const flow = this.#graph.flows.find(({ drawn }) => drawn.children.includes(task));
    const counting = (flow?.drawn.links ?? []).flatMap(({ from, decider }, at) => {
      if (from !== task.name || typeof decider !== 'object' || decider === null || !('onCall' in decider)) return [];
      return [[`l${at}`, this.#conducts.decide(decider, `${flow?.index}:${at}`, undefined)] as const];
    });
    return Object.fromEntries(counting);
  }
}

function plain(answer: Answer): Answered['answer'] {
  return answer.kind === 'done' ? { kind: 'done', output: {} } : answer;
}

type Body = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time' | 'actor' | 'token'> : never) : never;

/** The event with which the core gets the answer. */
export function eventOf({ kind, atom, attempt, revertAttempt, answer }: Answered): Body {
  const failure = { code: 'FAILED', message: `${kind} ${atom} failed` };
  if (kind === 'apply') {
    return answer.kind === 'done'
      ? { kind: 'APPLIED', atom, attempt, output: answer.output }
      : { kind: 'APPLY_FAILED', atom, attempt, failure };
  }
  return answer.kind === 'done'
    ? { kind: 'REVERTED', atom, attempt, revertAttempt }
    : { kind: 'REVERT_FAILED', atom, attempt, revertAttempt, failure };
}
