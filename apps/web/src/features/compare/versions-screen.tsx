// Two versions of a flow: added, removed and changed items, as a list and on both drawings.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type FlowDefinition, diffDefinitions } from '@windlass/engine/definition';
import { useMemo } from 'react';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/empty.tsx';
import { Select } from '../../ui/text-field.tsx';
import { TopBar } from '../../ui/top-bar.tsx';
import { changesByItem, versionsIn } from './change-look.ts';
import { ChangeList } from './change-list.tsx';
import { VersionCanvas } from './version-canvas.tsx';

export function VersionsScreen() {
  const { flowId } = useParams({ from: '/flows/$flowId/compare' });
  const { versions: text } = useSearch({ from: '/flows/$flowId/compare' });
  const trpc = useTRPC();
  const navigate = useNavigate();
  const all = useQuery(trpc.flows.versions.queryOptions({ flow: flowId }));
  const newest = all.data?.[0]?.version ?? 0;
  const chosen = versionsIn(text) ?? (newest > 1 ? ([newest - 1, newest] as const) : null);
  const [older, newer] = chosen ?? [1, 1];
  const of = (version: number) => ({ flow: flowId, version });
  const before = useQuery(trpc.flows.version.queryOptions(of(older), { enabled: chosen !== null, staleTime: Infinity }));
  const after = useQuery(trpc.flows.version.queryOptions(of(newer), { enabled: chosen !== null, staleTime: Infinity }));
  const error = all.error ?? before.error ?? after.error;
  const choose = (a: number, b: number) => {
    if (a !== b)
      void navigate({ to: '/flows/$flowId/compare', params: { flowId }, search: { versions: `${Math.min(a, b)},${Math.max(a, b)}` } });
  };
  const numbers = all.data?.map(({ version }) => version) ?? [];
  return (
    <>
      <TopBar>
        <Link to="/flows" className="text-fg-3 hover:text-fg">
          Flows
        </Link>
        <span className="text-fg-3">/</span>
        <Link to="/flows/$flowId/runs" params={{ flowId }} className="truncate font-medium hover:underline">
          {after.data?.name ?? flowId}
        </Link>
        <h1 className="font-semibold">Compare versions</h1>
        {chosen !== null && (
          <>
            <Pick label="Older version" value={older} from={numbers.filter((one) => one !== newer)} onPick={(one) => choose(one, newer)} />
            <span aria-hidden>→</span>
            <Pick label="Newer version" value={newer} from={numbers.filter((one) => one !== older)} onPick={(one) => choose(older, one)} />
          </>
        )}
      </TopBar>
      {chosen === null && all.isSuccess && <Empty>There is nothing to compare yet. Publish a second version of this flow.</Empty>}
      {error !== null && <Empty>{sentenceOf(error)}</Empty>}
      {chosen !== null && before.data !== undefined && after.data !== undefined && (
        <Compared before={before.data} after={after.data} names={[`v${older}`, `v${newer}`]} />
      )}
    </>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: number;
  readonly from: readonly number[];
  readonly onPick: (version: number) => void;
}

function Pick({ label, value, from, onPick }: PickProps) {
  return (
    <Select aria-label={label} className="!w-20" value={String(value)} onChange={({ target }) => onPick(Number(target.value))}>
      {from.map((version) => (
        <option key={version} value={version}>
          v{version}
        </option>
      ))}
    </Select>
  );
}

interface ComparedProps {
  readonly before: FlowDefinition;
  readonly after: FlowDefinition;
  readonly names: readonly [string, string];
}

function Compared({ before, after, names }: ComparedProps) {
  const diff = useMemo(() => diffDefinitions(before, after), [before, after]);
  const changes = useMemo(() => changesByItem(diff), [diff]);
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <VersionCanvas name={names[0]} definition={before} changes={changes} />
        <VersionCanvas name={names[1]} definition={after} changes={changes} />
      </div>
      <ChangeList diff={diff} names={names} />
    </div>
  );
}
