import { coverageOf, type Item, type Problem } from '@windlass/engine/definition';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useState } from 'react';
import { type Catalog, useCatalog } from '../../lib/catalog.ts';
import { sentenceOf, useTRPC } from '../../lib/trpc.ts';
import { Canvas } from './canvas/canvas.tsx';
import { DesignerBar } from './designer-bar.tsx';
import { useDraft, useDraftStore } from './draft/draft-context.tsx';
import { pinPositions, placeAtEnd, tidy } from './canvas/drop-place.ts';
import { addItem, itemOf } from './draft/edits.ts';
import { FlowInspector } from './inspector/flow-inspector.tsx';
import { LaunchDialog } from './publish/launch-dialog.tsx';
import { LinkInspector } from './inspector/link-inspector.tsx';
import { LinkingProvider } from './canvas/linking.tsx';
import { linkOf } from './draft/links.ts';
import { makeItem } from './draft/make-item.ts';
import { Palette, type PaletteItem } from './canvas/palette.tsx';
import { ProblemsDrawer } from './publish/problems-drawer.tsx';
import { PublishDialog } from './publish/publish-dialog.tsx';
import { SubflowInspector } from './inspector/subflow-inspector.tsx';
import { TaskInspector } from './inspector/task-inspector.tsx';
import { useProblems } from './draft/use-problems.ts';
import { useSaving } from './draft/use-saving.ts';
import { useShortcuts } from './use-shortcuts.ts';

export function Designer() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const catalog = useCatalog();
  const store = useDraftStore();
  const flow = useDraft((state) => state.flow);
  const problems = useProblems(catalog);
  const saving = useSaving();
  const [open, setOpen] = useState<'launch' | 'publish' | null>(null);
  const versions = useQuery(trpc.flows.versions.queryOptions({ flow }));
  const version = versions.data?.[0]?.version ?? 0;
  const dirty = useVersionDiffers(flow, version);
  const publish = useMutation(trpc.flows.publish.mutationOptions());
  const [refusal, setRefusal] = useState<string | null>(null);
  const { fitView } = useReactFlow();

  const publishNow = async (note: string) => {
    setRefusal(null);
    const revision = await saving.save();
    if (revision === null) return setRefusal('The draft could not be saved, so nothing was published.');
    try {
      const answer = await publish.mutateAsync({ flow, revision, note });
      if (answer.kind === 'published') {
        await client.invalidateQueries({
          queryKey: trpc.flows.pathKey(),
          predicate: ({ queryKey }) => !JSON.stringify(queryKey).includes('"draft"'),
        });
        setOpen(null);
      } else if (answer.kind === 'invalid') setRefusal(answer.problems[0]?.message ?? 'The flow has problems.');
      else setRefusal('Another person has saved this draft meanwhile. Open it again.');
    } catch (thrown) {
      setRefusal(sentenceOf(thrown));
    }
  };

  // The dialog describes the stored draft, so the draft is saved first.
  const askToPublish = async () => {
    await saving.save();
    setOpen('publish');
  };
  const launch = async () => {
    await saving.save();
    setOpen(version === 0 ? 'publish' : 'launch');
  };

  const add = useCallback(
    (item: PaletteItem) => {
      const { definition, selection, change, select } = store.getState();
      const made = makeItem(definition, catalog, item);
      if (made === null) return;
      const chosen = selection[0] === undefined ? undefined : itemOf(definition, selection[0]);
      const container = chosen?.kind === 'flow' ? chosen.id : definition.root.id;
      change(`Add ${made.name}`, (now) => addItem(pinPositions(now, container), made, placeAtEnd(now, container)));
      select([made.id]);
      setTimeout(() => void fitView({ padding: 0.15, maxZoom: 1, duration: 160 }), 60);
    },
    [store, catalog, fitView],
  );

  const undo = useCallback(() => store.getState().undo(), [store]);
  const redo = useCallback(() => store.getState().redo(), [store]);
  const save = useCallback(() => void saving.save(), [saving]);
  const deselect = useCallback(() => store.getState().select([]), [store]);
  useShortcuts({ undo, redo, save, deselect });

  return (
    <>
      <DesignerBar
        version={version}
        dirty={dirty}
        saving={saving.state}
        problems={problems.length}
        coverage={useCoverage(catalog)}
        onSave={saving.save}
        onUndo={undo}
        onRedo={redo}
        onLaunch={() => void launch()}
        onPublish={() => void askToPublish()}
        onTidy={() => {
          store.getState().change('Tidy', tidy);
          setTimeout(() => void fitView({ padding: 0.15, maxZoom: 1, duration: 160 }), 60);
        }}
      />
      <LinkingProvider>
        <div className="flex min-h-0 flex-1">
          <Palette types={catalog.list} onAdd={add} />
          <div className="flex min-w-0 flex-1 flex-col">
            <Canvas catalog={catalog} />
            <ProblemsDrawer problems={problems} />
          </div>
          <Inspector catalog={catalog} problems={problems} />
        </div>
      </LinkingProvider>
      {open === 'launch' && <LaunchDialog flow={flow} version={version} dirty={dirty} catalog={catalog} onClose={() => setOpen(null)} />}
      {open === 'publish' && (
        <PublishDialog
          next={version + 1}
          catalog={catalog}
          problems={problems}
          error={refusal}
          busy={publish.isPending}
          onPublish={(note) => void publishNow(note)}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function Inspector({ catalog, problems }: { readonly catalog: Catalog; readonly problems: readonly Problem[] }) {
  const definition = useDraft((state) => state.definition);
  const chosen = useDraft(({ selection }) => selection[0]);
  const link = chosen === undefined ? undefined : linkOf(definition, chosen);
  const item = (chosen === undefined ? undefined : itemOf(definition, chosen)) ?? definition.root;
  return (
    <aside aria-label="Inspector" className="flex w-[360px] shrink-0 flex-col border-l border-line bg-surface">
      {link === undefined ? (
        <ItemInspector key={item.id} item={item} catalog={catalog} problems={problems} />
      ) : (
        <LinkInspector key={link.link.id} {...link} />
      )}
    </aside>
  );
}

function ItemInspector({ item, ...rest }: { readonly item: Item; readonly catalog: Catalog; readonly problems: readonly Problem[] }) {
  switch (item.kind) {
    case 'task':
      return <TaskInspector task={item} {...rest} />;
    case 'subflow':
      return <SubflowInspector item={item} {...rest} />;
    case 'flow':
      return <FlowInspector flow={item} {...rest} />;
  }
}

function useCoverage(catalog: Catalog): number {
  const definition = useDraft((state) => state.definition);
  return useMemo(() => coverageOf(definition, catalog.find).share, [definition, catalog]);
}

/** Does the drawing differ from its newest version? */
function useVersionDiffers(flow: string, version: number): boolean {
  const trpc = useTRPC();
  const definition = useDraft((state) => state.definition);
  const published = useQuery(
    trpc.flows.version.queryOptions({ flow, version }, { enabled: version > 0, staleTime: Number.POSITIVE_INFINITY }),
  );
  return useMemo(
    () => published.data === undefined || JSON.stringify(published.data) !== JSON.stringify(definition),
    [published.data, definition],
  );
}
