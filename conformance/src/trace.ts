// The entries of a logbook in the words of the format: events of tasks, retries and the flow, in order. Events that
// the format does not have are left out: controls, waits, a run that is REVERTING, a call repeated after a takeover.
import { isJsonObject } from '@windlass/engine/definition';
import type { Entry, Run, RunEntry } from '@windlass/engine/run';
import type { Json, JsonObject } from '@windlass/engine/definition';
import type { Call } from './case.ts';

/** One attempt of a scripted retry. */
type Tried = readonly [value: Json, failures: string[]];

export class Trace {
  readonly events: string[] = [];
  readonly calls: Call[] = [];
  readonly #names: ReadonlyMap<string, string>;
  /** Retries whose calls are recorded: only a script is seen to be called. */
  readonly #scripted: ReadonlySet<string>;
  #read = 0;
  #failures: string[] = [];
  readonly #tried = new Map<string, Tried[]>();
  readonly #values = new Map<string, Json>();
  /** The event at which a pause was asked for: the pause follows it directly. */
  pauseAfter: string | null = null;

  constructor(names: ReadonlyMap<string, string>, scripted: ReadonlySet<string>) {
    this.#names = names;
    this.#scripted = scripted;
  }

  /** Failures after which no new attempt has begun. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Begins over: a new job. */
  begin(): void {
    this.#read = 0;
    this.#failures = [];
    this.#tried.clear();
  }

  /** Takes over silently: a death that the case does not know of. */
  takeOver(run: Run, entries: readonly Entry[]): void {
    const told = this.events.length;
    this.take(run, entries);
    if (this.events[told] === 'flow RUNNING') this.events.splice(told, 1);
  }

  /** Skips what the runner itself wrote, keeping account of failures. */
  skip(run: Run, entries: readonly Entry[]): void {
    this.take(run, entries);
    this.events.length = 0;
    this.calls.length = 0;
  }

  /** Takes the entries that came since. */
  take(run: Run, entries: readonly Entry[]): void {
    for (const entry of entries.slice(this.#read)) this.#takeOne(run, entry);
    this.#read = entries.length;
  }

  #takeOne(run: Run, entry: Entry): void {
    switch (entry.kind) {
      case 'JOB':
        // Taken over while something was under way: TaskFlow goes RESUMING, SUSPENDED, RUNNING; here it is a new claim.
        if (entry.from === 'CLAIMED' && entry.to === 'CLAIMED') this.events.push('flow RUNNING');
        return;
      case 'RUN':
        this.#takeRun(entry);
        return;
      case 'MARK': {
        const name = this.#names.get(entry.atom);
        const decision = (entry.data as JsonObject | undefined)?.['decision'];
        if ((entry.mark as string) === 'ASKED' && name !== undefined) this.#asked(name, decision ?? null);
        return;
      }
      case 'ATOM': {
        const kind = (run.flow.atomByAddress.get(entry.atom) as { kind?: string } | undefined)?.kind ?? 'task';
        const name = this.#names.get(entry.atom);
        const isOwnPause = entry.to === 'WAITING' || entry.from === 'WAITING';
        if (name === undefined || isOwnPause || (kind !== 'task' && kind !== 'retry') || entry.from === entry.to) return;
        this.#move(name, entry.to);
        if (kind === 'retry') this.#moveRetry(name, entry.to, entry.data as JsonObject | undefined);
        return;
      }
      case 'ACT':
        return;
    }
  }

  #takeRun({ from, to }: RunEntry): void {
    if (to === 'REVERTING') {
      // TaskFlow's flow is RUNNING while it reverts; said again when somebody has it go on.
      if (from !== 'RUNNING' && from !== 'SUSPENDING') this.events.push('flow RUNNING');
      return;
    }
    if (to === 'SUSPENDING' && this.pauseAfter !== null) return;
    this.events.push(`flow ${to}`);
  }

  #move(name: string, to: string): void {
    this.events.push(`${name} ${to}`);
    if (to === 'FAILURE') this.#failures.push(name);
    if (to === 'PENDING') this.#failures = this.#failures.filter((one) => one !== name);
    if (this.pauseAfter === `${name} ${to}`) {
      this.events.push('flow SUSPENDING');
      this.pauseAfter = null;
    }
  }

  #moveRetry(name: string, to: string, data: JsonObject | undefined): void {
    const tried = this.#tried.get(name) ?? [];
    this.#tried.set(name, tried);
    switch (to) {
      case 'RUNNING':
        this.#call('execute', name, { history_len: tried.length });
        return;
      case 'SUCCESS':
        this.#values.set(name, isJsonObject(data?.['output']) ? (data['output']['value'] ?? null) : null);
        return;
      case 'RETRYING': {
        const again = Array.isArray(data?.['again']) ? data['again'] : [];
        tried.push([this.#values.get(name) ?? null, [...this.#failures]]);
        for (const address of again) {
          const inner = this.#names.get(String(address));
          if (inner === undefined) continue;
          this.#move(inner, 'PENDING');
          this.#tried.delete(inner);
        }
        return;
      }
      case 'REVERTING': {
        const own = this.#failures.includes(name);
        this.#call('revert', name, {
          history_len: own ? tried.length : tried.length + 1,
          own_failure: own,
          flow_failures: [...this.#failures],
        });
        return;
      }
      case 'PENDING':
        this.#tried.delete(name);
    }
  }

  #asked(name: string, decision: Json): void {
    const tried = [...(this.#tried.get(name) ?? []), [this.#values.get(name) ?? null, [...this.#failures]]] as unknown as Json[];
    this.#call('on_failure', name, { history: tried, decision });
  }

  #call(kind: string, name: string, given: JsonObject): void {
    if (this.#scripted.has(name)) this.calls.push([kind, name, given]);
  }
}
