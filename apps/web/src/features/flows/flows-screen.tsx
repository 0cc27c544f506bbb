import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, Upload } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { RunSquares } from '../../ui/state/run-squares.tsx';
import { PatternIcon } from '../../ui/flow/pattern-icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { TimeOf } from '../../ui/time-of.tsx';
import { TopBar } from '../../ui/top-bar.tsx';
import { type PastRun, successRate } from './run-statistics.ts';
import { ImportDialog } from './import-dialog.tsx';
import { NewFlowDialog } from './new-flow-dialog.tsx';
import { percentWords } from '../../lib/times.ts';

/** The flows: name, pattern, version, draft, who changed it and when. */
export function FlowsScreen() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const navigate = useNavigate();
  const flows = useQuery(trpc.flows.list.queryOptions());
  // Only for the first hundred flows: people search beyond that.
  const recent = useQuery(
    trpc.flows.recent.queryOptions(
      { flows: flows.data?.slice(0, 100).map(({ id }) => id) ?? [] },
      { enabled: flows.data !== undefined, placeholderData: (before) => before },
    ),
  );
  const fared = new Map(recent.data?.map((one) => [one.flow, one]));
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<'new' | 'import' | null>(null);
  const now = useNow(10_000);
  const openFlow = (flowId: string) => {
    void client.invalidateQueries({ queryKey: trpc.flows.list.queryKey() });
    void navigate({ to: '/flows/$flowId', params: { flowId } });
  };
  const create = useMutation(trpc.flows.create.mutationOptions({ onSuccess: ({ id }) => openFlow(id) }));
  const shown = flows.data?.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      <TopBar
        actions={
          <>
            <Button onClick={() => setOpen('import')}>
              <Upload size={14} /> Import…
            </Button>
            <Button look="primary" onClick={() => setOpen('new')}>
              <Plus size={14} /> New flow…
            </Button>
          </>
        }
      >
        <h1 className="text-13 font-semibold">Flows</h1>
        <TextField
          aria-label="Find a flow"
          placeholder="Find a flow"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="ml-3 !w-56"
        />
      </TopBar>
      <div className="min-h-0 flex-1 overflow-auto">
        {flows.isError && <Empty>{sentenceOf(flows.error)}</Empty>}
        <table className="w-full text-12">
          <thead className="sticky top-0 bg-bg text-left text-11 text-fg-3">
            <tr className="h-8 border-b border-line">
              <th className="px-4 font-medium">Name</th>
              <th className="font-medium">Pattern</th>
              <th className="font-medium">Published</th>
              <th className="font-medium">Draft</th>
              <th className="font-medium">Last runs</th>
              <th className="font-medium">Succeeded</th>
              <th className="font-medium">Undoable</th>
              <th className="font-medium">Changed by</th>
              <th className="px-4 text-right font-medium">Changed</th>
            </tr>
          </thead>
          <tbody>
            {shown?.map((flow) => (
              <tr key={flow.id} className="h-8 border-b border-line bg-surface hover:bg-hover">
                <td className="px-4">
                  <Link to="/flows/$flowId" params={{ flowId: flow.id }} className="font-medium hover:underline">
                    {flow.name}
                  </Link>
                </td>
                <td className="text-fg-2">
                  <span className="inline-flex items-center gap-1.5">
                    <PatternIcon pattern={flow.pattern} /> {flow.pattern}
                  </span>
                </td>
                <td className="text-fg-2">{flow.version === 0 ? 'not yet' : `v${flow.version}`}</td>
                <td>
                  {flow.dirty && (
                    <Chip>
                      <span className="size-1.5 rounded-full bg-st-doubt-line" /> changes
                    </Chip>
                  )}
                </td>
                <Fared flow={flow.id} recent={fared.get(flow.id)} />
                <td className="text-fg-2">{flow.updatedBy}</td>
                <td className="px-4 text-right text-fg-3">
                  <TimeOf time={flow.updatedAt} now={now} relative />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {flows.data?.length === 0 && <Empty>No flows yet. Make a new one, or import one that was exported before.</Empty>}
        {(flows.data?.length ?? 0) > 0 && shown?.length === 0 && <Empty>No flow has “{search}” in its name.</Empty>}
      </div>
      <NewFlowDialog
        open={open === 'new'}
        onClose={() => setOpen(null)}
        onCreate={(order) => create.mutate(order)}
        error={create.isError ? sentenceOf(create.error) : null}
      />
      <ImportDialog open={open === 'import'} onClose={() => setOpen(null)} onImported={openFlow} />
    </>
  );
}

/** The last runs of a flow, its success rate, and how much of it can be undone. */
function Fared({
  flow,
  recent,
}: {
  readonly flow: string;
  readonly recent: { readonly coverage: number; readonly runs: readonly PastRun[] } | undefined;
}) {
  const rate = successRate(recent?.runs ?? []);
  return (
    <>
      <td>
        {recent === undefined ? null : recent.runs.length === 0 ? (
          <span className="text-fg-3">none yet</span>
        ) : (
          <RunSquares runs={recent.runs} label="Last runs" />
        )}
      </td>
      <td className="text-fg-2">
        <Link to="/flows/$flowId/runs" params={{ flowId: flow }} className="hover:underline">
          {rate === null ? 'Runs' : `${percentWords(rate.share)} of ${rate.of}`}
        </Link>
      </td>
      <td className="text-fg-2">{recent === undefined ? '' : percentWords(recent.coverage)}</td>
    </>
  );
}
