// Claims: which conductor works on which job, and when its lease ends. The engine has no other locks.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { leaseLeft } from './lease-words.ts';

const SHOWN = 50;
/** A lease is renewed every ten seconds; the list is loaded about every third of that. */
const ASK_EVERY = 3_000;
const TONES = { plain: 'text-fg-2', doubt: 'font-medium text-st-doubt-fg' };

export function ClaimsPart() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.jobs.list.queryOptions({ states: ['CLAIMED'], limit: SHOWN }, { refetchInterval: ASK_EVERY }));
  const now = useNow();
  const rows = data?.rows ?? [];
  return (
    <section aria-label="Claims" className="max-h-[40%] shrink-0 overflow-auto border-t border-line bg-surface">
      <h2 className="sticky top-0 border-b border-line bg-sunken px-4 py-1.5 text-11 font-medium text-fg-3">
        Claims{rows.length > 0 && ` (${rows.length}${data?.next == null ? '' : '+'})`}
      </h2>
      {data !== undefined && rows.length === 0 && (
        <p className="px-4 py-2.5 text-12 text-fg-3">
          No conductor holds a job now. A job is claimed while it is worked on, and not while it waits.
        </p>
      )}
      {rows.length > 0 && (
        <table className="w-full text-12">
          <thead className="sr-only">
            <tr>
              <th>Job</th>
              <th>State</th>
              <th>Conductor</th>
              <th>Lease</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, flowName, run, owner, leaseUntil }) => {
              const { words, tone } = leaseLeft(leaseUntil, now);
              return (
                <tr key={id} data-testid={`claim-${id}`} className="h-8 border-b border-line last:border-0">
                  <td className="px-4">
                    <Link to="/jobs/$jobId" params={{ jobId: id }} className="font-mono text-11 text-accent-fg hover:underline">
                      {id}
                    </Link>{' '}
                    <span className="text-fg-2">{flowName}</span>
                  </td>
                  <td>
                    <StateBadge state={run} />
                  </td>
                  <td className="text-fg-2">{owner ?? 'no conductor'}</td>
                  <td className={`px-4 text-right ${TONES[tone]}`}>{words}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
