// The designer: palette, canvas, inspector, problems. It loads the draft and keeps it in a store of its own.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { useState } from 'react';
import { useCatalog } from '../../lib/catalog.ts';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/empty.tsx';
import { Designer } from './designer.tsx';
import { DraftProvider } from './draft/draft-context.tsx';
import { createDraftStore } from './draft/draft-store.ts';

export function DesignerScreen() {
  const { flowId = '' } = useParams({ strict: false });
  return <Loaded key={flowId} flow={flowId} />;
}

function Loaded({ flow }: { readonly flow: string }) {
  const trpc = useTRPC();
  const catalog = useCatalog();
  // Read once: from then on this store holds the draft and saves it to the server.
  const draft = useQuery(
    trpc.flows.draft.queryOptions({ flow }, { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false }),
  );
  if (draft.isError) return <Empty action={<Link to="/flows">See the flows</Link>}>{sentenceOf(draft.error)}</Empty>;
  if (draft.data === undefined || !catalog.isLoaded) return <Empty>Reading the flow…</Empty>;
  return <WithStore flow={flow} definition={draft.data.definition} revision={draft.data.revision} />;
}

function WithStore({ flow, definition, revision }: { readonly flow: string } & Parameters<typeof createDraftStore>[1]) {
  const [store] = useState(() => createDraftStore(flow, { definition, revision }));
  return (
    <DraftProvider store={store}>
      <ReactFlowProvider>
        <Designer />
      </ReactFlowProvider>
    </DraftProvider>
  );
}
