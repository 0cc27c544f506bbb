// A real board under the labels of a case: `claim other`, `consume by other`, `state after expiry`… The labels name the
// observed requests only: a job is posted first, and if an owner's act succeeded without a claim among the labels, the owner
// had claimed the job before.
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@windlass/engine/definition';
import { type JobBoard, LEASE_MS } from '@windlass/engine/ports';
import type { Claim, Entry } from '@windlass/engine/run';
import { MemoryStore, orderOf } from '@windlass/engine/testing';
import { type Labelled, NotRunnable } from './case.ts';

const OWNER = 'me';
const BEGIN = 1_000_000;

export async function runBoardLabels(labels: readonly Labelled[]): Promise<string[]> {
  const differences: string[] = [];
  const board = new BoardUnderLabels();
  await board.begin(labels);
  for (const [label, answer] of labels) {
    const given = await board.answer(label, answer);
    // Other boards have other orders; ours is promised: highest priority first, then first in, first out.
    const wanted = label === 'order' ? namesOf(answer).sort(byPromise) : answer;
    if (!isDeepStrictEqual(given, wanted)) differences.push(`${label}: ${JSON.stringify(given)} instead of ${JSON.stringify(wanted)}`);
  }
  return differences;
}

class BoardUnderLabels {
  readonly #store = new MemoryStore();
  readonly #claims = new Map<string, Claim>();
  /** The names of the owners in the case, by the conductor that claimed here. */
  readonly #owners = new Map<string, string>();
  #now = BEGIN;
  #jobs: string[] = [];
  /** The conductors that claimed first and last. */
  #first: string | null = null;
  #holder: string | null = null;

  async begin([first]: readonly Labelled[]): Promise<void> {
    if (first === undefined) throw new NotRunnable('there are no operations');
    const [label, answer] = first;
    if (label === 'order' || label.startsWith('wait')) return;
    const count = label === 'count' || label === 'all' || label === 'unclaimed' ? Number(answer) : 1;
    for (let posted = 0; posted < count; posted += 1) await this.#post();
  }

  async answer(label: string, recorded: Json): Promise<Json> {
    const { verb, actor } = readLabel(label);
    if (/\bafter\b.*\b(expiry|ended|expired)\b/.test(label)) this.#now = Math.max(this.#now, await this.#endOfLease());
    switch (verb) {
      case 'state':
        if (recorded === 'CLAIMED' && this.#first === null) await this.#claim(OWNER);
        return this.#state(this.#job());
      case 'count':
      case 'all':
        return (await this.#onBoard()).length;
      case 'unclaimed':
        return (await this.#onBoard()).filter((state) => state === 'UNCLAIMED').length;
      case 'owner':
        return this.#owner(recorded);
      case 'claim':
        return this.#claim(actor);
      case 'consume':
      case 'abandon':
        if (recorded === 'ok' && (await this.#state(this.#job())) === 'UNCLAIMED') await this.#claim(actor);
        return verb === 'consume' ? this.#consume(actor) : this.#abandon(actor);
      case 'wait':
        return this.#wait(label);
      case 'job.wait':
        return this.#waitForEnd(recorded === true);
      case 'order':
        return this.#order(namesOf(recorded));
      case 'trash':
        throw new NotRunnable('the board has no operation yet that takes a job off it');
      default:
        throw new NotRunnable(`unknown operation: ${label}`);
    }
  }

  async #post(priority = 0): Promise<string> {
    const { job } = await this.#store.post(orderOf({ priority }), this.#now);
    this.#jobs.push(job);
    return job;
  }

  #job(): string {
    const [job] = this.#jobs;
    if (job === undefined) throw new NotRunnable('an operation on a job before one was posted');
    return job;
  }

  /** A claim whose lease has ended is no claim: the job is offered again. */
  async #state(job: string): Promise<string> {
    const row = await this.#store.get(job);
    if (row?.state === 'CLAIMED' && (row.leaseUntil ?? 0) <= this.#now) return 'UNCLAIMED';
    return row?.state ?? 'absent';
  }

  async #onBoard(): Promise<string[]> {
    const states = await Promise.all(this.#jobs.map((job) => this.#state(job)));
    return states.filter((state) => state !== 'COMPLETE' && state !== 'TRASHED');
  }

  async #endOfLease(): Promise<number> {
    return (await this.#store.get(this.#job()))?.leaseUntil ?? this.#now + LEASE_MS;
  }

  /** The conductor that claimed last, by its name in the case. */
  async #owner(recorded: Json): Promise<Json> {
    const owner = (await this.#store.get(this.#job()))?.owner ?? null;
    if (owner === null || owner !== this.#holder) return owner;
    if (!this.#owners.has(owner)) this.#owners.set(owner, String(recorded));
    return this.#owners.get(owner) ?? owner;
  }

  async #claim(actor: string): Promise<string> {
    const [claim] = await this.#store.claim(actor, 1, this.#now);
    if (claim === undefined) return (await this.#state(this.#job())) === 'CLAIMED' ? 'UnclaimableJob' : 'NotFound';
    this.#claims.set(actor, claim);
    this.#first ??= actor;
    this.#holder = actor;
    return 'ok';
  }

  /** The reason of a refusal: another owner has the job, no owner has it, or the job has ended. */
  async #refusal(): Promise<string> {
    return (await this.#state(this.#job())) === 'CLAIMED' ? 'JobFailure' : 'NotFound';
  }

  /** An owner without a claim knows only the job, so it tries with a token that is not valid. */
  #claimOf(actor: string): Claim {
    const own = this.#claims.get(actor === 'the dead one' ? (this.#first ?? '') : actor);
    return own ?? { job: this.#job(), flow: 'flow_x', version: 1, parent: null, target: null, token: 0, from: 'UNCLAIMED' };
  }

  async #consume(actor: string): Promise<string> {
    const { job, token } = this.#claimOf(actor);
    const number = (await this.#store.read(job, { after: 0, limit: 10_000 })).length + 1;
    const by = { kind: 'conductor', id: actor, name: actor } as const;
    const entry: Entry = { kind: 'JOB', number, time: this.#now, actor: by, token, from: 'CLAIMED', to: 'COMPLETE' };
    const ended = {
      run: 'SUCCESS',
      attention: null,
      wakeAt: null,
      forward: 'succeeded',
      forwardKind: 'succeeded',
      startedAt: this.#now,
      endedAt: this.#now,
    } as const;
    const answer = await this.#store.commit({ job, token, entries: [entry], change: { state: 'COMPLETE', ...ended } });
    return answer === 'committed' ? 'ok' : this.#refusal();
  }

  async #abandon(actor: string): Promise<string> {
    const before = await this.#store.get(this.#job());
    await (this.#store as JobBoard).abandon(this.#claimOf(actor), this.#now);
    const after = await this.#store.get(this.#job());
    return before?.leaseUntil === after?.leaseUntil && before?.state === after?.state ? this.#refusal() : 'ok';
  }

  /** Listens for offers, and a job is posted unless the label says `nothing`. The board tells its listeners before it answers a post. */
  async #wait(label: string): Promise<Json> {
    let isOffered = false;
    const stop = this.#store.onPosted(() => {
      isOffered = true;
    });
    if (!/nothing/.test(label)) await this.#post();
    stop();
    return isOffered ? (await this.#onBoard()).length : 'NotFound';
  }

  /** Listens for the end of a job, as its poster does. */
  async #waitForEnd(isConsumed: boolean): Promise<boolean> {
    const job = this.#job();
    if (isConsumed) await this.#claim(OWNER);
    let isChanged = false;
    const stop = this.#store.onChanged((changed) => {
      isChanged ||= changed === job;
    });
    if (isConsumed) await this.#consume(OWNER);
    stop();
    return isChanged && (await this.#state(job)) === 'COMPLETE';
  }

  /** Jobs named for their priority, and for the order of posting by the number behind, as they are claimed. */
  async #order(names: readonly string[]): Promise<string[]> {
    const posted = new Map<string, string>();
    // Posted with the least first, so that the board has something to put in order.
    for (const name of [...names].sort((a, b) => priorityOf(a) - priorityOf(b) || turnOf(a) - turnOf(b))) {
      posted.set(await this.#post(priorityOf(name)), name);
    }
    const claimed: string[] = [];
    for (const _ of names) for (const { job } of await this.#store.claim(OWNER, 1, this.#now)) claimed.push(posted.get(job) ?? job);
    return claimed;
  }
}

function namesOf(answer: Json): string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}

function byPromise(a: string, b: string): number {
  return priorityOf(b) - priorityOf(a) || turnOf(a) - turnOf(b);
}

function turnOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

const PRIORITIES: readonly (readonly [RegExp, number])[] = [
  [/^v(ery_?)?h(igh)?\d*$/, 100],
  [/^h(igh)?\d*$/, 75],
  [/^n(ormal)?\d*$/, 50],
  [/^l(ow)?\d*$/, 25],
  [/^v(ery_?)?l(ow)?\d*$/, 0],
];

function priorityOf(name: string): number {
  const found = PRIORITIES.find(([pattern]) => pattern.test(name.toLowerCase()));
  if (found === undefined) throw new NotRunnable(`the priority of ${name} is not known here`);
  return found[1];
}

/** The actor of a label: `other` in `consume by other` and `claim other`, `b` in `b claims`; in all other labels the owner. */
function readLabel(label: string): { readonly verb: string; readonly actor: string } {
  const words = label.replace(/^late /, '').split(/\s+/);
  const [first = '', second = ''] = words;
  if (second === 'claims') return { verb: 'claim', actor: first };
  const verb = first.startsWith('job.wait') ? 'job.wait' : first;
  const by = /\bby (.+?)( after .*)?$/.exec(label)?.[1];
  const isNamed = verb === 'claim' && second !== '' && !['with', 'after', 'again', 'trashed', 'by'].includes(second);
  return { verb, actor: by ?? (isNamed ? second : OWNER) };
}
