// The lines that tasks log, kept apart from the logbook and bounded (SEMANTICS L5). They are no part of the truth about a
// run: lines are written in batches and survive a crash as far as they were; they are not durable before the result of
// their call is. The entry that ends an attempt says how many there were.
import type { TaskCall } from '../dispatch/task-runner.ts';

/** One line of one call. */
export interface LogLine {
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  readonly kind: TaskCall['kind'];
  /** 1, 2, 3… in the call; what was left out has numbers too. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

export interface LogQuery {
  readonly job: string;
  readonly atom: string;
  /** Lines of that attempt alone. */
  readonly attempt?: number | undefined;
  /** `cursor` of the last line that is known. */
  readonly after?: number;
  readonly limit: number;
}
/** A line as it is stored. */
export type StoredLogLine = Omit<LogLine, 'job' | 'atom'> & { readonly cursor: number };

/** The port to whatever keeps them. */
export interface TaskLogStore {
  /** Stores lines of jobs that are there; others are passed over. */
  append(lines: readonly LogLine[]): Promise<void>;
  /** In the order in which they were stored. */
  read(query: LogQuery): Promise<readonly StoredLogLine[]>;
}

/** Nothing but a list. */
export class MemoryTaskLog implements TaskLogStore {
  readonly #lines: LogLine[] = [];

  async append(lines: readonly LogLine[]): Promise<void> {
    this.#lines.push(...lines);
  }

  async read({ job, atom, attempt, after = 0, limit }: LogQuery): Promise<readonly StoredLogLine[]> {
    return this.#lines
      .flatMap(({ job: of, atom: by, ...line }, index) => (of === job && by === atom ? [{ ...line, cursor: index + 1 }] : []))
      .filter((line) => line.cursor > after && (attempt === undefined || line.attempt === attempt))
      .slice(0, limit);
  }
}
