// The log lines of tasks, apart from the logbook and bounded (L5). They are not part of a run's history: they are
// written in batches, so a crash may lose the last of them, and the result of a call may be durable before its lines. The
// entry that ends an attempt holds the number of its lines.
import type { TaskCall } from '../dispatch/task-runner.ts';

/** One line of one call. */
export interface LogLine {
  readonly job: string;
  readonly atom: string;
  readonly attempt: number;
  readonly kind: TaskCall['kind'];
  /** 1, 2, 3… within the call; lines that were left out are counted too. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

export interface LogQuery {
  readonly job: string;
  readonly atom: string;
  /** Only lines of that attempt. */
  readonly attempt?: number | undefined;
  /** `cursor` of the last line that the reader has. */
  readonly after?: number;
  readonly limit: number;
}
/** A line as it is stored. */
export type StoredLogLine = Omit<LogLine, 'job' | 'atom'> & { readonly cursor: number };

/** The port to the store of log lines. */
export interface TaskLogStore {
  /** Stores lines; does nothing for lines of unknown jobs. */
  append(lines: readonly LogLine[]): Promise<void>;
  /** Lines in the order in which they were stored. */
  read(query: LogQuery): Promise<readonly StoredLogLine[]>;
}

/** Keeps lines in a list. */
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
