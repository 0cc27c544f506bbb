import { Link } from '@tanstack/react-router';
import type { Outputs } from '@windlass/api';
import type { DescriptorLookup } from '@windlass/engine/definition';
import { useMemo } from 'react';
import { useCatalog } from '../../../lib/catalog.ts';
import { useTRPCClient } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { StateBadge } from '../../../ui/state/state-badge.tsx';
import { shownState } from '../../../ui/state/state-look.ts';
import { TimeOf } from '../../../ui/time-of.tsx';
import { approvalAsk, doubtAsk, keepAsk, markRevertedAsk, retryFailedAsk, retryRevertAsk, skipAsk, tryAgainAsk } from '../acts/asks.ts';
import type { Ask } from '../acts/ask.ts';
import { doubtChoices } from '../acts/doubt-words.ts';
import { type JobActs, jobActs } from '../acts/job-acts.ts';
import { outputTemplate } from '../acts/output-template.ts';
import { openWords, tryAgainWords } from './dead-letter-words.ts';

type NeedyJob = Outputs['attention']['list']['rows'][number];

/** One need of a job for a person. */
type Need = NeedyJob['items'][number];

interface DeskJobProps {
  readonly job: NeedyJob['job'];
  readonly items: readonly Need[];
  readonly deadLetter: NeedyJob['deadLetter'];
  readonly now: number;
  readonly onAsk: (asked: { readonly job: string; readonly ask: Ask }) => void;
}

/** A job that needs a person: its needs, their causes, and the choices with the effect of each. */
export function DeskJob({ job, items, deadLetter, now, onAsk: onAskOf }: DeskJobProps) {
  const onAsk = (ask: Ask) => onAskOf({ job: job.id, ask });
  const client = useTRPCClient();
  const acts = useMemo(() => jobActs(client, job.id), [client, job.id]);
  const { find } = useCatalog();
  return (
    <section
      aria-label={`${job.flowName}, ${job.id}`}
      data-testid={`desk-${job.id}`}
      className="overflow-hidden rounded-3 border border-line bg-surface"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-sunken px-4 py-2 text-12">
        <StateBadge state={shownState(job)} />
        <span className="font-semibold">{job.flowName}</span>
        <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="font-mono text-11 text-accent-fg hover:underline">
          {job.id}
        </Link>
        <span className="flex-1" />
        <span className="text-fg-3">
          launched by {job.postedBy}, <TimeOf time={job.startedAt ?? job.postedAt} now={now} relative />
        </span>
      </header>
      {job.attention === 'dead_lettered' && (
        <div className="px-4 py-3 text-12">
          <p className="font-medium">It was given up</p>
          <p className="mt-0.5 whitespace-pre-wrap text-fg-2">{job.attentionNote}</p>
          <dl className="mt-2.5 grid gap-2">
            <div className="flex items-baseline gap-3 max-sm:flex-col max-sm:gap-1">
              <dt className="w-40 shrink-0">
                <Button size="small" look="primary" className="w-full" onClick={() => onAsk(tryAgainAsk(acts))}>
                  Try again…
                </Button>
              </dt>
              <dd className="text-fg-2">{tryAgainWords(deadLetter)}</dd>
            </div>
            <OpenJob job={job.id} does={openWords(deadLetter)} />
          </dl>
        </div>
      )}
      {items.length === 0 && job.attention !== 'dead_lettered' && (
        <p className="px-4 py-3 text-12">The logbook has no more about it. Open the page of the job.</p>
      )}
      <ul className="divide-y divide-line">
        {items.map((item) => (
          <li key={`${item.kind} ${item.atom}`} className="px-4 py-3 text-12">
            <p className="font-medium">{titleOf(item)}</p>
            <p className="mt-0.5 max-h-48 overflow-auto whitespace-pre-wrap wrap-anywhere text-fg-2">{item.cause}</p>
            <dl className="mt-2.5 grid gap-2">
              {choicesOf(item, { acts, find }).map(({ button, does, ask, look }) => (
                <div key={button} className="flex items-baseline gap-3 max-sm:flex-col max-sm:gap-1">
                  <dt className="w-40 shrink-0">
                    <Button size="small" look={look ?? 'default'} className="w-full" onClick={() => onAsk(ask)}>
                      {button}
                    </Button>
                  </dt>
                  <dd className="text-fg-2">{does}</dd>
                </div>
              ))}
              <OpenJob job={job.id} does={openWords(null)} />
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The way to the page of the job, where it can also be cancelled or rolled back. */
function OpenJob({ job, does }: { readonly job: string; readonly does: string }) {
  return (
    <div className="flex items-baseline gap-3 max-sm:flex-col max-sm:gap-1">
      <dt className="w-40 shrink-0">
        <Link
          to="/jobs/$jobId"
          params={{ jobId: job }}
          className="inline-flex h-6 w-full items-center justify-center rounded-2 border border-line-strong text-12 font-medium hover:bg-hover"
        >
          Open the job
        </Link>
      </dt>
      <dd className="text-fg-2">{does}</dd>
    </div>
  );
}

interface Choice {
  readonly button: string;
  /** The effect of the choice, shown before it is made. */
  readonly does: string;
  readonly ask: Ask;
  readonly look?: 'primary' | 'revert';
}

function choicesOf(item: Need, { acts, find }: { readonly acts: JobActs; readonly find: DescriptorLookup }): readonly Choice[] {
  const { kind, atom, name, task, output, outputAt, input, inputAt, doubt } = item;
  if (atom === null) return [];
  const outputs = outputTemplate(task === null ? undefined : find(task.type, task.version)?.output, null);
  switch (kind) {
    case 'held':
      return [
        {
          button: 'Retry from here…',
          look: 'primary',
          does: `The failed attempt of “${name}” is undone, then the task is applied again and the flow goes on.`,
          ask: retryFailedAsk(acts, { name, inputs: input === null ? [] : [{ atom, name, input, inputAt }] }),
        },
        {
          button: 'Skip…',
          does: 'The flow goes on without this task, with outputs that you give.',
          ask: skipAsk(acts, atom, { name, outputs }),
        },
      ];
    case 'revertFailed':
      return [
        {
          button: 'Try again…',
          look: 'revert',
          does: 'Its revert is called again, with the saved output as it is or edited.',
          ask: retryRevertAsk(acts, { atom, output, outputAt }, name),
        },
        {
          button: 'Mark as reverted…',
          does: 'You have undone it by hand: no revert is called, and the rollback goes on.',
          ask: markRevertedAsk(acts, atom, name),
        },
        {
          button: 'Keep…',
          does: 'Its effect is kept, the rollback goes on without it, and the job lists it as kept.',
          ask: keepAsk(acts, atom, name),
        },
      ];
    case 'doubt':
      return doubtChoices(doubt).map((choice) => ({
        button: `${choice.button}…`,
        does: choice.does,
        ask: doubtAsk(acts, atom, { name, choice, outputs }),
      }));
    case 'approval':
      return [
        { button: 'Approve…', look: 'primary', does: 'The job goes on.', ask: approvalAsk(acts, atom, { name, approved: true }) },
        {
          button: 'Reject…',
          does: 'The task fails, and the flow handles the failure as usual.',
          ask: approvalAsk(acts, atom, { name, approved: false }),
        },
      ];
    case 'cancelled':
      return [];
  }
}

function titleOf({ kind, name }: Need): string {
  switch (kind) {
    case 'held':
      return `“${name}” failed, and the job is held`;
    case 'revertFailed':
      return `“${name}” could not be reverted`;
    case 'doubt':
      return `“${name}” is in doubt`;
    case 'approval':
      return `“${name}” waits for an approval`;
    case 'cancelled':
      return 'Cancelled and held: nothing was undone';
  }
}
