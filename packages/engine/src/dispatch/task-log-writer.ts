// Stores the log lines of tasks: in batches, so that many lines cost few writes, and bounded per call: the first lines as
// they arrive, and the last lines after the call has ended.
import type { Clock } from '../clock.ts';
import type { LogLine, TaskLogStore } from '../logbook/task-log.ts';
import type { TaskLog } from './in-process-runner.ts';

/** Lines and characters that are stored from the start of a call, and from its end. */
export const LOG_LIMITS = { head: { lines: 1_000, characters: 262_144 }, tail: { lines: 200, characters: 65_536 } };
const FLUSH_EVERY = 200;
const FLUSH_AT = 500;

/** The lines of one call so far. */
interface Said {
  count: number;
  characters: number;
  /** Number of lines stored as they arrived. */
  head: number;
  readonly tail: LogLine[];
  tailCharacters: number;
}

export class TaskLogWriter {
  readonly #store: TaskLogStore;
  readonly #clock: Clock;
  readonly #onTrouble: (cause: unknown) => void;
  readonly #calls = new Map<string, Said>();
  #waiting: LogLine[] = [];
  #cancelTimer: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: TaskLogStore, { clock, onTrouble }: { readonly clock: Clock; readonly onTrouble: (cause: unknown) => void }) {
    this.#store = store;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
  }

  /** The function that a runner calls with each line. */
  readonly log: TaskLog = ({ job, atom, attempt, kind, text }) => {
    const key = keyOf({ job, atom, attempt, kind });
    const said = this.#calls.get(key) ?? { count: 0, characters: 0, head: 0, tail: [], tailCharacters: 0 };
    this.#calls.set(key, said);
    said.count += 1;
    said.characters += text.length;
    const line: LogLine = { job, atom, attempt, kind, number: said.count, time: this.#clock.now(), text };
    if (said.count <= LOG_LIMITS.head.lines && said.characters <= LOG_LIMITS.head.characters) {
      said.head += 1;
      this.#keep(line);
    } else putAside(said, line);
  };

  /** After a call ended, stores its last lines too. */
  ended(call: Pick<LogLine, 'job' | 'atom' | 'attempt' | 'kind'>): void {
    const key = keyOf(call);
    const said = this.#calls.get(key);
    if (said === undefined) return;
    this.#calls.delete(key);
    const [first] = said.tail;
    if (first === undefined) return;
    const leftOut = first.number - 1 - said.head;
    if (leftOut > 0) this.#keep({ ...first, number: first.number - 1, text: `… ${leftOut} lines left out …` });
    for (const line of said.tail) this.#keep(line);
  }

  /** Writes the waiting lines. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length > 0)
      this.#writing = this.#writing.then(() => this.#store.append(lines)).catch((cause: unknown) => this.#onTrouble(cause));
    await this.#writing;
  }

  #keep(line: LogLine): void {
    this.#waiting.push(line);
    if (this.#waiting.length >= FLUSH_AT) void this.flush();
    else this.#cancelTimer ??= this.#clock.after(FLUSH_EVERY, () => void this.flush());
  }
}

function putAside(said: Said, line: LogLine): void {
  said.tail.push(line);
  said.tailCharacters += line.text.length;
  while (said.tail.length > LOG_LIMITS.tail.lines || (said.tailCharacters > LOG_LIMITS.tail.characters && said.tail.length > 1)) {
    said.tailCharacters -= said.tail.shift()?.text.length ?? 0;
  }
}

function keyOf({ job, atom, attempt, kind }: Pick<LogLine, 'job' | 'atom' | 'attempt' | 'kind'>): string {
  return `${job} ${atom} ${attempt} ${kind}`;
}
