// Rolls back several jobs as one: a person reads the joint plan first, and confirming it launches a job that carries it out.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf, useTRPC, useTRPCClient } from '../../lib/trpc.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { JointJob, type JointJobRow } from './joint-job.tsx';

export function JointRollbackScreen() {
  const { jobs = '' } = useSearch({ strict: false });
  const ids = jobs.split(',').filter((id) => id !== '');
  if (ids.length === 0)
    return <Empty action={<Link to="/jobs">See the jobs</Link>}>No job is chosen. Select jobs in the list of jobs.</Empty>;
  return <Joint key={jobs} ids={ids} />;
}

function Joint({ ids }: { readonly ids: string[] }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const joint = useQuery(trpc.rollback.jointPlan.queryOptions({ jobs: ids }, { staleTime: Number.POSITIVE_INFINITY, retry: false }));
  const rows = joint.data?.jobs ?? [];
  const without = (job: string) => void navigate({ to: '/rollback', search: { jobs: ids.filter((id) => id !== job).join(',') } });
  const confirm = useMutation({
    mutationFn: () =>
      client.rollback.jointConfirm.mutate({
        jobs: rows.map(({ row, plan, drift }) => ({ job: row.id, hash: plan.hash, drift })),
        reason: reason.trim(),
      }),
    onSuccess: (answer) => {
      if (answer.kind === 'launched') void navigate({ to: '/jobs/$jobId', params: { jobId: answer.job } });
      else void joint.refetch();
    },
  });
  const refused = confirm.data?.kind === 'refused' ? confirm.data.message : confirm.error === null ? null : sentenceOf(confirm.error);
  const blocked = rows.filter(({ plan }) => plan.blocked !== null);
  const reverts = rows.reduce((sum, { plan }) => sum + plan.reverts, 0);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h1 className="text-15 font-semibold">Roll back {ids.length === 1 ? '1 job' : `${ids.length} jobs`}</h1>
        <span className="text-12 text-fg-3">Nothing is undone until you confirm.</span>
      </header>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto grid max-w-[1000px] gap-4 px-6 py-6">
          {joint.error !== null && (
            <Banner
              tone="failed"
              title="The plan could not be loaded."
              actions={<Button onClick={() => void joint.refetch()}>Ask again</Button>}
            >
              {sentenceOf(joint.error)}
            </Banner>
          )}
          {refused !== null && (
            <Banner tone="doubt" title="Not done.">
              {refused}
            </Banner>
          )}
          {joint.isPending && <Empty>Making the plans…</Empty>}
          {joint.data?.stages.map((stage, index) => (
            <section key={stage.join()} aria-label={`Stage ${index + 1}`}>
              <h2 className="mb-2 text-11 font-semibold text-fg-3">
                Stage {index + 1}
                {index > 0 && ': after the stage before it, which used outputs of these jobs'}
              </h2>
              <div className="grid gap-3">
                {stage
                  .flatMap((id) => rows.filter(({ row }) => row.id === id))
                  .map((one) => (
                    <JointJob key={one.row.id} joint={one} chosen={ids} onLeaveOut={ids.length > 1 ? () => without(one.row.id) : null} />
                  ))}
              </div>
            </section>
          ))}
          {joint.data !== undefined && (
            <section className="rounded-3 border border-line bg-surface px-4 pt-3">
              <Field label="Reason" required hint="The logbook of each of these jobs shows it beside your name.">
                {(control) => (
                  <TextArea {...control} rows={2} maxLength={2_000} value={reason} onChange={({ target }) => setReason(target.value)} />
                )}
              </Field>
              <div className="mb-3.5 flex items-center gap-3">
                <Button
                  look="revert"
                  className="!bg-st-revert-solid !text-accent-on hover:!opacity-90"
                  disabled={confirm.isPending || blocked.length > 0 || reason.trim() === ''}
                  onClick={() => confirm.mutate()}
                >
                  Revert {reverts} {reverts === 1 ? 'task' : 'tasks'} in {rows.length} {rows.length === 1 ? 'job' : 'jobs'}
                </Button>
                <span className="text-11 text-fg-3">
                  {blocked.length > 0
                    ? whyNot(blocked)
                    : 'A job of its own carries it out. You can watch and pause it, and it goes on after a crash.'}
                </span>
              </div>
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

function whyNot(blocked: readonly JointJobRow[]): string {
  const [first] = blocked;
  return `Leave out what cannot be rolled back now: ${first?.row.flowName ?? ''} (${first?.row.id ?? ''}).`;
}
