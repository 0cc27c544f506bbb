import { Link } from '@tanstack/react-router';
import type { JobRow, RollbackPlan } from '@windlass/engine/run';
import { Pin, TriangleAlert, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { StateBadge } from '../../ui/state/state-badge.tsx';
import { shownState } from '../../ui/state/state-look.ts';

/** A job of the joint plan, with its own plan. */
export interface JointJobRow {
  readonly row: JobRow;
  readonly plan: RollbackPlan;
  readonly drift: readonly { readonly atom: string; readonly difference: string }[];
  readonly usedBy: readonly { readonly job: string; readonly flowName: string; readonly atom: string; readonly value: string }[];
}

interface JointJobProps {
  readonly joint: JointJobRow;
  /** Jobs that are rolled back together with it. */
  readonly chosen: readonly string[];
  readonly onLeaveOut: (() => void) | null;
}

/** The plan of one job: its reverts, the kept effects with the reason, the drift, and other jobs that used its outputs. */
export function JointJob({ joint: { row, plan, drift, usedBy }, chosen, onLeaveOut }: JointJobProps) {
  const undone = plan.waves.flat();
  const others = usedBy.filter(({ job }) => !chosen.includes(job));
  return (
    <article
      aria-label={`${row.flowName}, ${row.id}`}
      className="overflow-hidden rounded-3 border border-line bg-surface"
      data-testid={`joint-${row.id}`}
    >
      <header className="flex items-center gap-3 border-b border-line bg-sunken px-4 py-2 text-12">
        <StateBadge state={shownState(row)} />
        <span className="font-semibold">{row.flowName}</span>
        <Link to="/jobs/$jobId" params={{ jobId: row.id }} className="font-mono text-11 text-accent-fg hover:underline">
          {row.id}
        </Link>
        <span className="flex-1" />
        {onLeaveOut !== null && (
          <Button size="small" onClick={onLeaveOut}>
            Leave out
          </Button>
        )}
      </header>
      <div className="space-y-2 px-4 py-3 text-12">
        {plan.blocked !== null && <Warning>{plan.blocked}</Warning>}
        {others.map(({ job, flowName, atom, value }) => (
          <Warning key={job}>
            <b className="font-medium">{flowName}</b>{' '}
            <Link to="/jobs/$jobId" params={{ jobId: job }} className="font-mono text-11 text-accent-fg hover:underline">
              {job}
            </Link>{' '}
            was launched later with “{value}”, which {atom} gave here. It is not rolled back with it.
          </Warning>
        ))}
        {drift.map(({ atom, difference }) => (
          <Warning key={atom}>
            <b className="font-medium">{atom} has changed since:</b> {difference}
          </Warning>
        ))}
        {plan.changedCode.map(({ type, version, atoms }) => (
          <Warning key={`${type}@${version}`}>
            <b className="font-medium">
              The code of {type} version {version} has changed
            </b>{' '}
            since it applied {atoms.join(', ')}. The revert runs with the present code: make sure that it still fits.
          </Warning>
        ))}
        <p className="text-fg-2">
          {plan.reverts} reverted, {plan.kept} kept, in {plan.waves.length} {plan.waves.length === 1 ? 'wave' : 'waves'}.
        </p>
        <ol className="grid gap-1">
          {undone
            .filter(({ action }) => action !== 'nothing')
            .map(({ atom, action, because }) => (
              <li key={atom} className="flex items-start gap-2">
                {action === 'keep' ? (
                  <Pin aria-hidden size={13} className="mt-px shrink-0 text-st-revert-fg" />
                ) : (
                  <Undo2 aria-hidden size={13} className="mt-px shrink-0 text-st-revert-fg" />
                )}
                <span>
                  <b className="font-medium">{atom}</b>{' '}
                  <span className="text-fg-2">{action === 'keep' ? `stays: ${because}` : because}</span>
                </span>
              </li>
            ))}
        </ol>
      </div>
    </article>
  );
}

function Warning({ children }: { readonly children: ReactNode }) {
  return (
    <p className="flex items-start gap-1.5 rounded-2 border border-st-doubt-line/40 bg-st-doubt-bg px-2 py-1">
      <TriangleAlert aria-hidden size={13} className="mt-px shrink-0 text-st-doubt-fg" />
      <span>{children}</span>
    </p>
  );
}
