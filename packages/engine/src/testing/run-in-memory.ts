// Drives a run by hand, one event at a time and without a real clock, for tests of the core.
// `script` gives the answer to each call; `calls` lists the calls in their order.
import type { Actor } from '../actor.ts';
import { wholeCall } from '../dispatch/call-order.ts';
import type { TaskCall } from '../dispatch/task-runner.ts';
import type { Command, RunEvent } from '../events.ts';
import type { Failure } from '../failure/failure.ts';
import type { Json } from '../json.ts';
import type { Entry } from '../logbook/entry.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import type { Act } from '../run/acts/act.ts';
import { typesFromCatalog } from '../run/graph/atom-types.ts';
import { compileFlow } from '../run/graph/compiler.ts';
import type { Limits } from '../run/decide/limits.ts';
import { type ActOutcome, type Decision, decide } from '../run/decide.ts';
import { replay } from '../run/state/fold/fold.ts';
import type { CompiledFlow, SubflowLookup } from '../run/graph/graph.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import { valueIn } from '../logbook/entry-values.ts';
import { type Run, emptyRun } from '../run/state/run.ts';
import type { TaskCatalog } from '../task/task.ts';
import { givenBy } from './flows.ts';

/** The answer to a call; by default apply gives an empty output and revert succeeds. */
export type Script = (call: {
  readonly kind: TaskCall['kind'];
  readonly atom: string;
  readonly attempt: number;
  readonly revertAttempt: number;
  readonly input: Json;
  readonly output: Json;
}) =>
  | { readonly output: Json }
  | { readonly fail: string; readonly nothingDone?: true }
  | { readonly happened: 'yes' | 'no' | 'unknown' }
  | undefined;

function failureOf({ fail, nothingDone }: { readonly fail: string; readonly nothingDone?: true }, message: string): Failure {
  return { code: fail, message, ...(nothingDone ? { nothingDone } : {}) };
}

const conductor: Actor = { kind: 'conductor', id: 'c1', name: 'c1' };
const person: Actor = { kind: 'person', id: 'ana', name: 'ana' };

/** A run driven by a test. */
export class TestRun {
  /** As compiled; a run that grows has a copy of its own. */
  readonly flow: CompiledFlow;
  run: Run;
  readonly entries: Entry[] = [];
  readonly calls: string[] = [];
  /** Every event with its decision. */
  readonly sent: { readonly event: RunEvent; readonly decision: Decision }[] = [];
  /** Calls under way. */
  pending: Extract<Command, { kind: 'CALL' }>[] = [];
  /** Values over 8 KB that had to be loaded, turn by turn. */
  readonly loads: (readonly StoredValue[])[] = [];
  /** Atoms whose call got the abort signal. */
  readonly aborted: string[] = [];
  /** The next due time, while the job is driven. */
  wakeAt: number | null = null;
  /** The answer to the last act. */
  answered: ActOutcome | null = null;
  #time = 1_000;
  #token = 0;
  readonly #script: Script;
  readonly #fresh: () => Run;
  limits: Limits;

  constructor(options: {
    definition: FlowDefinition;
    catalog: TaskCatalog<never>;
    script?: Script;
    inputs?: { [name: string]: Json };
    parallel?: number;
    /** Number of entries after which a turn ends. */
    entries?: number;
    /** Every value over 8 KB must be loaded when it is read. */
    cacheNothing?: boolean;
    subflow?: SubflowLookup;
  }) {
    this.flow = compileFlow(options.definition, typesFromCatalog(options.catalog), options.subflow);
    this.#fresh = () => {
      const run = emptyRun(this.flow);
      if (options.cacheNothing === true) run.large.cacheNothing();
      return run;
    };
    this.run = this.#fresh();
    this.#script = options.script ?? (() => undefined);
    this.limits = { parallel: options.parallel ?? 1_000, ...(options.entries === undefined ? {} : { entries: options.entries }) };
    const posted: Entry = {
      kind: 'JOB',
      number: 1,
      time: this.#time,
      actor: person,
      token: 0,
      from: null,
      to: 'UNCLAIMED',
      data: { inputs: options.inputs ?? {} },
    };
    this.entries.push(posted);
    replay(this.run, [posted]);
  }

  /** Claims, and answers calls one after another until nothing is left to do. */
  go(): this {
    this.claim();
    return this.finish();
  }

  /** A conductor claims the job; it knows that the process of the former conductor is dead, unless `former` says otherwise. */
  claim(former: 'dead' | 'may live' = 'dead'): this {
    this.#token += 1;
    return this.send({ kind: 'CLAIMED', from: this.run.job, ...(former === 'dead' ? { isFormerDead: true } : {}) });
  }

  act(act: Act): this {
    if (this.run.job === 'CLAIMED') return this.send({ kind: 'ACT', act, by: person });
    this.#token += 1;
    return this.send({ kind: 'CLAIMED', from: this.run.job, act: { act, by: person } });
  }

  /** Answers calls in order until none is pending and no time is due. */
  finish(): this {
    for (;;) {
      while (this.pending.length > 0 || this.wakeAt !== null) this.answerNext();
      if (this.run.job !== 'WAITING' || this.run.wakeAt === null) return this;
      this.wake();
    }
  }

  /** The time of a parked job comes, and a conductor claims it; or a person acts at that time. */
  wake(act?: Act): this {
    this.#time = Math.max(this.#time, this.run.wakeAt ?? 0);
    return act === undefined ? this.claim() : this.act(act);
  }

  /** Moves to the next due time; a driver has one timer. */
  passTime(): this {
    this.#time = Math.max(this.#time, this.wakeAt ?? 0);
    return this.send({ kind: 'DUE' });
  }

  /** Moves time without any event. */
  advance(by: number): this {
    this.#time += by;
    return this;
  }

  /** Answers the first call; without one, moves to the next due time. */
  answerNext(): this {
    return this.pending.length > 0 ? this.answer(0) : this.passTime();
  }

  /** Answers the pending call with that index. */
  answer(index: number): this {
    const [command] = this.pending.splice(index, 1);
    if (command === undefined) return this;
    const { kind, atom, attempt, ...call } = wholeCall(command.call, (at) => this.valueAt(at));
    const { input, output } = call;
    this.calls.push(`${kind} ${atom}`);
    const { revertAttempt } = command;
    const answer = this.#script({ kind, atom, attempt, revertAttempt, input, output });
    const failure = answer && 'fail' in answer ? failureOf(answer, `${kind} ${atom} failed`) : null;
    const given: Json = answer && 'output' in answer ? answer.output : givenBy({ ...call, attempt });
    if (kind === 'probe') {
      const happened = answer && 'happened' in answer ? answer.happened : 'no';
      if (happened === 'yes') return this.send({ kind: 'PROBED', atom, attempt, answer: { happened, output: given } });
      return this.send({ kind: 'PROBED', atom, attempt, answer: happened === 'no' ? { happened } : { happened, because: 'test' } });
    }
    if (kind === 'probeRevert') {
      const undone = answer && 'happened' in answer ? answer.happened : 'no';
      return this.send({
        kind: 'REVERT_PROBED',
        atom,
        attempt,
        revertAttempt,
        answer: undone === 'unknown' ? { undone, because: 'test' } : { undone },
      });
    }
    if (kind === 'apply') {
      return this.send(failure ? { kind: 'APPLY_FAILED', atom, attempt, failure } : { kind: 'APPLIED', atom, attempt, output: given });
    }
    const place = { atom, attempt, revertAttempt };
    return this.send(failure ? { kind: 'REVERT_FAILED', ...place, failure } : { kind: 'REVERTED', ...place });
  }

  /** The process dies: only the entries survive, and the next conductor starts from them. */
  crash(): this {
    this.run = replay(this.#fresh(), this.entries);
    this.pending = [];
    this.wakeAt = null;
    return this;
  }

  send(event: RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time' | 'actor' | 'token'> : never) : never): this {
    this.#time += 1;
    const sent = { ...event, time: this.#time, actor: conductor, token: this.#token } as RunEvent;
    const decision = decide(this.run, sent, this.limits);
    this.sent.push({ event: sent, decision });
    this.entries.push(...decision.entries);
    for (const command of decision.commands) this.#take(command);
    this.answered = decision.answer ?? this.answered;
    this.wakeAt = decision.wakeAt;
    if (decision.wanted.length > 0 && this.run.job === 'CLAIMED') {
      this.loads.push(decision.wanted);
      for (const at of decision.wanted) this.run.large.load(at, this.valueAt(at) ?? null);
      return this.send({ kind: 'DUE' });
    }
    // A conductor that releases the job forgets its next due time.
    if (this.run.job !== 'CLAIMED') {
      this.pending = [];
      this.wakeAt = null;
    }
    return this;
  }

  /** The value of a reference, from its entry. */
  valueAt({ entry, field }: StoredValue): Json | undefined {
    const found = this.entries[entry - 1];
    return found === undefined ? undefined : valueIn(found, field);
  }

  #take(command: Command): void {
    if (command.kind === 'FORGET') this.pending = this.pending.filter((one) => one.kind !== 'CALL' || one.call.atom !== command.atom);
    else if (command.kind === 'CALL') this.pending.push(command);
    else this.aborted.push(command.atom);
  }

  /** `a RUNNING`, `run SUCCESS`… as they were logged. */
  get story(): string[] {
    return this.entries.flatMap((entry) => {
      if (entry.kind === 'ATOM') return [`${entry.atom} ${entry.to}`];
      if (entry.kind === 'RUN') return [`run ${entry.to}`];
      if (entry.kind === 'MARK') return [`${entry.atom} ${entry.mark}`];
      return [];
    });
  }

  get states(): { [atom: string]: string } {
    return Object.fromEntries(this.run.atoms.map(({ atom, state }) => [atom, state]));
  }
}
