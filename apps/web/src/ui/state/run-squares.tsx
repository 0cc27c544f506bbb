import { Link } from '@tanstack/react-router';
import type { JobRow } from '@windlass/engine/run';
import { exactTime } from '../../lib/times.ts';
import { StateIcon } from './state-icon.tsx';
import { hueVar, lookOf, shownState } from './state-look.ts';

/** Runs as squares with the icon of their state, the newest on the right; each links to its job. */
export function RunSquares({
  runs,
  label,
}: {
  /** Newest first. */
  readonly runs: readonly Pick<JobRow, 'id' | 'run' | 'attention' | 'forward' | 'postedAt'>[];
  readonly label: string;
}) {
  return (
    <ul aria-label={label} className="flex flex-wrap gap-[3px]">
      {runs.toReversed().map(({ id, run, attention, forward, postedAt }) => {
        const look = lookOf(shownState({ run, attention }));
        const words = `${look.word}${forward === '' || forward === 'succeeded' ? '' : `, ${forward}`}, ${exactTime(postedAt)}`;
        return (
          <li key={id}>
            <Link
              to="/jobs/$jobId"
              params={{ jobId: id }}
              title={words}
              className="grid size-[18px] place-items-center rounded-1 border hover:outline-2 hover:outline-accent-ring"
              style={{
                borderColor: hueVar(look.hue, 'line'),
                backgroundColor: look.pattern === 'hollow' ? 'transparent' : hueVar(look.hue, 'bg'),
                borderStyle: look.pattern === 'dashed' || look.pattern === 'hatchFailed' ? 'dashed' : 'solid',
              }}
            >
              <StateIcon look={look} size={11} />
              <span className="sr-only">{words}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
