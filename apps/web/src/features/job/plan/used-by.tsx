import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';

/** A later job that was launched with a value from an output of this job. */
export interface JobUse {
  readonly job: string;
  readonly flowName: string;
  readonly atom: string;
  readonly value: string;
}

const SHOWN = 5;

/** Warns of jobs that used an output that would be undone, found by equal values; they can be rolled back together. */
export function UsedBy({ users, nameOf }: { readonly users: readonly JobUse[]; readonly nameOf: (id: string) => string }) {
  if (users.length === 0) return null;
  return (
    <div role="note" className="mb-3 rounded-2 border border-st-doubt-line/40 bg-st-doubt-bg px-3 py-2 text-12">
      <p className="flex items-start gap-1.5">
        <TriangleAlert aria-hidden size={13} className="mt-px shrink-0 text-st-doubt-fg" />
        <span>
          <b className="font-medium">Another job used an output that would be undone.</b> It stays as it is unless it is rolled back too.
        </span>
      </p>
      <ul className="ml-5 mt-1 grid gap-0.5">
        {users.slice(0, SHOWN).map(({ job, flowName, atom, value }) => (
          <li key={job}>
            {flowName}{' '}
            <Link to="/jobs/$jobId" params={{ jobId: job }} className="font-mono text-11 text-accent-fg hover:underline">
              {job}
            </Link>{' '}
            <span className="text-fg-2">
              was launched with “{value}” of {nameOf(atom)}.
            </span>
          </li>
        ))}
        {users.length > SHOWN && <li className="text-fg-2">and {users.length - SHOWN} more</li>}
      </ul>
    </div>
  );
}
