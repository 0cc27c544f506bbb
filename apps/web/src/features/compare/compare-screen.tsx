// Two jobs side by side: their tasks on one time scale, and the values that differ.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { fullOf } from '@windlass/engine/run';
import { ArrowLeftRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TopBar } from '../../ui/top-bar.tsx';
import { compareJobs } from './compare-jobs.ts';
import { JobCard } from './job-card.tsx';
import { OtherJob } from './other-job.tsx';
import { PairedTimeline } from './paired-timeline.tsx';
import { useApplyEnds } from './use-apply-ends.ts';
import { ValueDifferences } from './value-differences.tsx';

export function CompareScreen() {
  const { jobs = '' } = useSearch({ strict: false });
  const [a = '', b = ''] = jobs.split(',');
  return (
    <>
      <TopBar>
        <h1 className="font-semibold">Compare two jobs</h1>
      </TopBar>
      {a === '' ? (
        <Empty action={<Link to="/jobs">See the jobs</Link>}>No job is chosen. Open a job and choose “Compare…”.</Empty>
      ) : b === '' ? (
        <OtherJob job={a} />
      ) : (
        <Pair key={jobs} a={a} b={b} />
      )}
    </>
  );
}

function Pair({ a, b }: { readonly a: string; readonly b: string }) {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const [only, setOnly] = useState(false);
  const one = useQuery(trpc.jobs.get.queryOptions({ job: a }, { retry: false }));
  const other = useQuery(trpc.jobs.get.queryOptions({ job: b }, { retry: false }));
  const endsOfOne = useApplyEnds(a, one.data?.snapshot.number);
  const endsOfOther = useApplyEnds(b, other.data?.snapshot.number);
  const comparison = useMemo(() => {
    if (one.data === undefined || other.data === undefined) return null;
    const whole = ({ definition, snapshot }: typeof one.data) => ({ definition, snapshot: fullOf(snapshot) });
    return compareJobs({ ...whole(one.data), applyEnds: endsOfOne }, { ...whole(other.data), applyEnds: endsOfOther });
  }, [one.data, other.data, endsOfOne, endsOfOther]);
  const error = one.error ?? other.error;
  if (error !== null) return <Empty action={<Link to="/jobs">See the jobs</Link>}>{sentenceOf(error)}</Empty>;
  if (comparison === null || one.data === undefined || other.data === undefined) return <Empty>Reading both jobs…</Empty>;
  const shown = only
    ? comparison.tasks.filter(({ differs, inputs, outputs }) => differs || inputs.length > 0 || outputs.length > 0)
    : comparison.tasks;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto grid max-w-[1200px] gap-4 px-6 py-6">
        <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-3">
          <JobCard letter="A" row={one.data.row} />
          <Button
            aria-label="Swap the two jobs"
            className="w-8 !px-0"
            onClick={() => void navigate({ to: '/compare', search: { jobs: `${b},${a}` } })}
          >
            <ArrowLeftRight aria-hidden size={14} />
          </Button>
          <JobCard letter="B" row={other.data.row} />
        </div>
        <section aria-label="Inputs of the jobs" className="rounded-3 border border-line bg-surface px-4 py-3">
          <h2 className="mb-1.5 text-12 font-semibold">Inputs of the jobs</h2>
          <ValueDifferences differences={comparison.inputs} none="Both were launched with the same inputs." />
        </section>
        <section aria-label="Tasks" className="rounded-3 border border-line bg-surface">
          <div className="flex items-center gap-3 border-b border-line px-4 py-2">
            <h2 className="text-12 font-semibold">Tasks</h2>
            <span className="text-11 text-fg-3">each from its own start, on one scale</span>
            <span className="flex-1" />
            <label className="flex items-center gap-1.5 text-12">
              <input type="checkbox" className="accent-accent" checked={only} onChange={() => setOnly(!only)} /> Only what differs
            </label>
          </div>
          <PairedTimeline tasks={shown} span={comparison.span} />
        </section>
      </div>
    </div>
  );
}
