// The text of the search, and each of its words as a chip that can be removed. Problems of the text are shown below it.
import { REASON_WORDS, STATE_WORDS, type SearchProblem, parseSearch } from '@windlass/engine/run';
import { CircleHelp, Search, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { restOf, without, wordsOf } from './job-filter.ts';

/** Time without typing after which the list is loaded. */
const PAUSE_MS = 350;

export interface SearchBoxProps {
  readonly text: string;
  /** A problem that only the server can find. */
  readonly refused: string | null;
  readonly onChange: (text: string) => void;
}

export function SearchBox({ text, refused, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const rest = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  // The text may also be changed by a chip or by going back; the box then shows it.
  useEffect(() => setTyped(text), [text]);
  useEffect(() => rest, []);
  const search = parseSearch(typed);
  const take = (next: string) => {
    rest();
    if (parseSearch(next).kind === 'search' && next.trim() !== text) onChange(next.trim());
  };
  const type = (next: string) => {
    setTyped(next);
    rest();
    timer.current = setTimeout(() => take(next), PAUSE_MS);
  };
  const problem = search.kind === 'problem' ? search : null;
  return (
    <div className="min-w-0 flex-1">
      <search className="relative flex items-center gap-1">
        <Search size={14} aria-hidden className="pointer-events-none absolute left-2 text-fg-3" />
        <TextField
          mono
          aria-label="Search jobs"
          aria-describedby="search-note"
          aria-invalid={problem !== null || refused !== null}
          placeholder={'state:failed flow:"Release a site" since:2h input.region:eu'}
          className="!pl-7"
          value={typed}
          onChange={({ target }) => type(target.value)}
          onKeyDown={({ key }) => key === 'Enter' && take(typed)}
        />
        <Words />
      </search>
      <div id="search-note" aria-live="polite">
        {problem !== null && <Problem text={typed} problem={problem} />}
        {problem === null && refused !== null && <p className="mt-1 text-11 text-st-failed-fg">{refused}</p>}
      </div>
    </div>
  );
}

/** The terms of the search that the quick chips do not show. */
export function TermChips({ text, onChange }: Pick<SearchBoxProps, 'text' | 'onChange'>) {
  const terms = restOf(text);
  if (terms.length === 0) return null;
  return (
    <ul aria-label="Conditions" className="flex flex-wrap items-center gap-1">
      {terms.map((term) => (
        <li
          key={term.start}
          className="inline-flex h-6 max-w-72 items-center gap-1 rounded-full border border-accent-ring bg-accent-tint pl-2.5 pr-1 text-12 text-accent-fg"
        >
          <span className="truncate font-mono text-11">{wordsOf(term)}</span>
          <button
            type="button"
            aria-label={`Remove ${wordsOf(term)}`}
            className="grid size-4 place-items-center rounded-full hover:bg-hover"
            onClick={() => onChange(without(text, term))}
          >
            <X size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Problem({ text, problem: { message, start, end } }: { readonly text: string; readonly problem: SearchProblem }) {
  return (
    <p className="mt-1 text-11 text-st-failed-fg" data-testid="search-problem">
      {message}{' '}
      <code className="font-mono text-fg-2">
        {text.slice(Math.max(0, start - 20), start)}
        <mark className="bg-st-failed-bg text-st-failed-fg underline decoration-wavy">{text.slice(start, end)}</mark>
        {text.slice(end, end + 20)}
      </code>
    </p>
  );
}

const HELP: readonly (readonly [string, string])[] = [
  ['state:failed,reverted', STATE_WORDS.join(', ')],
  ['flow:"Release a site"', 'its name, its id, or the beginning of its name with * after it'],
  ['version:3', 'of the flow'],
  ['by:me', 'who launched it'],
  ['since:2h  until:2026-11-01', '30m, 2h, 7d, 1w ago; a day, or 2026-11-01T08:30 (UTC)'],
  ['attention:any', `none, ${REASON_WORDS.join(', ')}`],
  ['input.region:eu', 'the exact value of an input'],
  ['words', 'part of a flow’s name, the value of any input, or the beginning of an id'],
];

function Words() {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton label="What can be searched">
          <CircleHelp size={14} />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          aria-label="What can be searched"
          className="z-[70] w-[460px] max-w-[calc(100vw-32px)] rounded-3 border border-line bg-surface p-4 text-12 shadow-2"
        >
          <p className="mb-2 text-fg-2">
            A job must match all words. If a word has several values, separated by commas, it must match one of them.
          </p>
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1.5">
            {HELP.map(([example, words]) => (
              <div key={example} className="contents">
                <dt className="font-mono text-11 leading-[18px]">{example}</dt>
                <dd className="text-11 leading-[18px] text-fg-3">{words}</dd>
              </div>
            ))}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
