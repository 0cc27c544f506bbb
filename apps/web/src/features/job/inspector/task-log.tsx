// The log lines of a task, live. They are not part of the logbook: the entry that ends an attempt has the number of its lines
// and the server keeps the first and the last ones.
import type { StoredLogLine } from '@windlass/engine/run';
import { useEffect, useRef, useState } from 'react';
import { cx } from '../../../lib/cx.ts';
import { sentenceOf, useTRPCClient } from '../../../lib/trpc.ts';
import { exactTime } from '../../../lib/times.ts';
import { useJobPage, useRun } from '../job-context.tsx';

const PAGE = 500;
/** The server stores lines shortly after the task logs them. */
const ASK_EVERY = 700;
/** Beyond this number the oldest lines are dropped. */
const MOST_SHOWN = 5_000;

type ShownLine = Pick<StoredLogLine, 'cursor' | 'attempt' | 'number' | 'time' | 'text'> & { readonly kind: string };

export function TaskLog({ id }: { readonly id: string }) {
  const state = useRun((run) => run.atoms.get(id)?.state);
  const { lines, error } = useLines(id, state);
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  if (error !== null) return <p className="text-12 text-st-failed-fg">{error}</p>;
  if (lines.length === 0) return <p className="text-12 text-fg-3">This task has logged nothing{isRunning(state) ? ' yet' : ''}.</p>;
  return (
    <div
      ref={box}
      role="log"
      aria-label="Lines of the task"
      className="max-h-full overflow-auto font-mono text-11 leading-[18px]"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 20;
      }}
    >
      {lines.map((line, index) => {
        const before = lines[index - 1];
        const isNewCall = before === undefined || before.attempt !== line.attempt || before.kind !== line.kind;
        return (
          <div key={line.cursor}>
            {isNewCall && <p className={cx('font-sans text-11 font-semibold text-fg-3', index > 0 && 'mt-2')}>{callWords(line)}</p>}
            <p className="flex gap-2" title={exactTime(line.time)}>
              <span className="w-8 shrink-0 select-none text-right text-fg-3">{line.number}</span>
              <span className="min-w-0 whitespace-pre-wrap break-words">{line.text}</span>
            </p>
          </div>
        );
      })}
    </div>
  );
}

/** Asks for new lines while the task runs, and once more shortly after each change of its state. */
function useLines(id: string, state: string | undefined): { readonly lines: readonly ShownLine[]; readonly error: string | null } {
  const { job } = useJobPage();
  const client = useTRPCClient();
  const [lines, setLines] = useState<readonly ShownLine[]>([]);
  const [error, setError] = useState<string | null>(null);
  const last = useRef(0);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let rounds = isRunning(state) ? Number.POSITIVE_INFINITY : 2;
    const ask = async () => {
      try {
        const fresh = await client.jobs.log.query({ job, atom: id, after: last.current, limit: PAGE });
        if (isOver) return;
        setError(null);
        last.current = fresh.at(-1)?.cursor ?? last.current;
        if (fresh.length > 0) setLines((known) => [...known, ...fresh].slice(-MOST_SHOWN));
        rounds -= fresh.length === PAGE ? 0 : 1;
        if (rounds > 0) timer = setTimeout(() => void ask(), fresh.length === PAGE ? 0 : ASK_EVERY);
      } catch (thrown) {
        if (isOver) return;
        setError(sentenceOf(thrown));
        timer = setTimeout(() => void ask(), 5 * ASK_EVERY);
      }
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, job, id, state]);
  return { lines, error };
}

function isRunning(state: string | undefined): boolean {
  return state === 'RUNNING' || state === 'REVERTING';
}

const CALL_WORDS: { readonly [kind in ShownLine['kind']]: string } = {
  apply: 'Apply',
  revert: 'Revert',
  probe: 'Asked what happened',
  probeRevert: 'Asked whether it is undone',
  check: 'Checked',
};

function callWords({ kind, attempt }: ShownLine): string {
  return `${CALL_WORDS[kind]}, attempt ${attempt}`;
}
