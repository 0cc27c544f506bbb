// The job page: header, troubles, canvas, timeline, inspector and logbook over one snapshot and one stream.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { placedItems } from '@windlass/engine/definition';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useCatalog } from '../../lib/catalog.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { Empty } from '../../ui/empty.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { AskDialog } from './acts/ask-dialog.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { jobActs } from './acts/job-acts.ts';
import { type JobPage, JobPageProvider, useRun, useView } from './job-context.tsx';
import { JobHeader } from './job-header.tsx';
import { jobSource } from './run/job-source.ts';
import { Logbook } from './logbook.tsx';
import { createProgressStore } from './run/progress-store.ts';
import { ReplaySlider } from './timeline/replay-slider.tsx';
import { RollbackReport } from './plan/rollback-report.tsx';
import { RollbackSheet } from './plan/rollback-sheet.tsx';
import { RunCanvas } from './canvas/run-canvas.tsx';
import { aliasesOf, ownerOf } from './run/members.ts';
import { atomName } from './run/names.ts';
import { createRunStore } from './run/run-store.ts';
import { TimelineView } from './timeline/timeline-view.tsx';
import { DeadLetterBanner } from './acts/dead-letter-banner.tsx';
import { Troubles } from './acts/troubles.tsx';
import { UnreadJob } from './unread-job.tsx';
import { useJobKeys } from './use-job-keys.ts';
import { createViewStore } from './run/view-store.ts';
import { WaitingBanner } from './acts/waiting-banner.tsx';

export function JobScreen() {
  const { jobId = '' } = useParams({ strict: false });
  return <OneJob key={jobId} job={jobId} />;
}

function OneJob({ job }: { readonly job: string }) {
  const client = useTRPCClient();
  const { find } = useCatalog();
  const { at, release } = useSearch({ strict: false });
  const navigate = useNavigate();
  const made = useMemo(
    () => ({
      store: createRunStore(jobSource(client, job)),
      view: createViewStore(),
      progress: createProgressStore(client, job),
      acts: jobActs(client, job),
    }),
    [client, job],
  );
  const definition = useStore(made.store, (state) => state.definition);
  const page = useMemo((): JobPage => {
    const items = new Map(definition === null ? [] : placedItems(definition).map(({ item }) => [item.id, item]));
    const aliases = definition === null ? new Map<string, string>() : aliasesOf(definition);
    // The graph of a run grows, so an address is looked up in the present run.
    const flow = () => made.store.shownRun()?.flow;
    const itemOf: JobPage['itemOf'] = (id) => items.get(id) ?? flow()?.atomByAddress.get(id)?.item;
    return {
      job,
      ...made,
      itemOf,
      ownerOf: (address) => ownerOf(address, aliases),
      nameOf: (id) => {
        if (id === definition?.root.id) return definition.name;
        const compiled = flow();
        return items.get(id)?.name ?? (compiled === undefined ? null : atomName(compiled, id)) ?? id;
      },
      typeOf: (id) => {
        const item = itemOf(id);
        return item?.kind === 'task' ? find(item.type, item.typeVersion) : undefined;
      },
    };
  }, [definition, find, job, made]);
  useEffect(() => made.store.start(), [made]);
  const mayRun = useStore(made.store, (state) => state.facts?.job === 'CLAIMED');
  useEffect(() => (mayRun ? made.progress.follow() : undefined), [made, mayRun]);
  useEffect(() => made.store.showAt(at ?? null), [at, made]);
  // Opened from the ledger: the plan of giving back that resource is shown at once.
  useEffect(() => {
    if (release === undefined) return;
    made.view.setState({ sheet: { kind: 'atoms', atoms: [release], leaveOut: [] } });
    void navigate({ to: '.', search: {}, replace: true });
  }, [release, made, navigate]);
  return (
    <JobPageProvider value={page}>
      <Page />
    </JobPageProvider>
  );
}

function Page() {
  const isThere = useRun((state) => state.posted !== null);
  const error = useRun(({ connection }) => (connection.kind === 'error' ? connection.message : null));
  const layout = useView((state) => state.layout);
  const navigate = useNavigate();
  const goTo = useMemo(
    () => (at: number | null) => void navigate({ to: '.', search: at === null ? {} : { at }, replace: true }),
    [navigate],
  );
  useJobKeys(goTo);
  if (!isThere) return error === null ? <Empty>Opening the job…</Empty> : <UnreadJob error={error} goTo={goTo} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <JobHeader goTo={goTo} />
      <DeadLetterBanner />
      <Troubles />
      <WaitingBanner />
      <SplitPane
        id="job.side"
        direction="row"
        sized="second"
        initial={396}
        min={300}
        label="Width of the inspector"
        first={
          layout === 'canvas' ? (
            <RunCanvas />
          ) : layout === 'timeline' ? (
            <TimelineView />
          ) : (
            <SplitPane
              id="job.canvas"
              direction="column"
              sized="first"
              initial={316}
              min={120}
              label="Height of the canvas"
              first={<RunCanvas />}
              second={<TimelineView />}
            />
          )
        }
        second={
          <div className="flex min-w-0 flex-1 flex-col bg-surface">
            <SplitPane
              id="job.inspector"
              direction="column"
              sized="first"
              initial={330}
              min={140}
              label="Height of the inspector"
              first={<Inspector />}
              second={<Logbook goTo={goTo} />}
            />
            <ReplaySlider goTo={goTo} />
          </div>
        }
      />
      <AskDialog />
      <RollbackSheet />
      <RollbackReport />
    </div>
  );
}
