// Versions with when and by whom; the newest two are compared, or two that are ticked.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useNow } from '../../lib/use-now.ts';
import { TimeOf } from '../../ui/time-of.tsx';

export interface VersionListProps {
  readonly flow: string;
  /** Newest first. */
  readonly versions: readonly {
    readonly version: number;
    readonly note: string;
    readonly publishedAt: number;
    readonly publishedBy: string;
  }[];
  readonly runs: readonly { readonly version: number }[];
}

export function VersionList({ flow, versions, runs }: VersionListProps) {
  const now = useNow(10_000);
  const [ticked, setTicked] = useState<readonly number[]>([]);
  const chosen = ticked.length === 2 ? ticked : versions.slice(0, 2).map(({ version }) => version);
  const [older, newer] = chosen.toSorted((a, b) => a - b);
  // Selecting a third version deselects the first.
  const toggle = (version: number) =>
    setTicked((before) => (before.includes(version) ? before.filter((one) => one !== version) : [...before, version].slice(-2)));
  if (versions.length === 0) return <p className="text-12 text-fg-3">Not published yet.</p>;
  return (
    <>
      <ol className="grid max-h-72 gap-1 overflow-auto text-12">
        {versions.map(({ version, note, publishedAt, publishedBy }) => (
          <li key={version} className="flex gap-2">
            {versions.length > 2 && (
              <input
                type="checkbox"
                aria-label={`Compare v${version}`}
                checked={ticked.includes(version)}
                onChange={() => toggle(version)}
              />
            )}
            <b className="w-8 shrink-0 font-medium">v{version}</b>
            <span className="min-w-0 flex-1 truncate text-fg-2" title={note}>
              {note || 'no note'}
            </span>
            <span className="shrink-0 text-fg-3">{runWords(runs.filter((run) => run.version === version).length)}</span>
            <span className="shrink-0 text-fg-3">
              {publishedBy}, <TimeOf time={publishedAt} now={now} relative />
            </span>
          </li>
        ))}
      </ol>
      {older !== undefined && newer !== undefined && (
        <Link
          to="/flows/$flowId/compare"
          params={{ flowId: flow }}
          search={{ versions: `${older},${newer}` }}
          className="mt-2 inline-flex h-6 items-center rounded-2 border border-line-strong bg-surface px-2 text-11 font-medium hover:bg-hover"
        >
          Compare v{older} and v{newer}
        </Link>
      )}
    </>
  );
}

function runWords(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}
