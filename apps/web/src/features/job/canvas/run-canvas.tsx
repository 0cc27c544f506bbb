// The flow version that ran, with the states of the run. Nodes and edges never change while a job runs: each node
// reads its own atom, and the view does not move.
import {
  Background,
  BackgroundVariant,
  type Node,
  type NodeMouseHandler,
  Panel,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type FlowDefinition, placedItems } from '@windlass/engine/definition';
import type { AtomSnapshot } from '@windlass/engine/run';
import { Crosshair, Maximize, Minus, PanelTop, Plus, Rows2 } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { type FlowLayout, layoutFlow } from '../../../lib/flow-layout.ts';
import { FlowEdge, type FlowEdgeType } from '../../../ui/flow/flow-edge.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { linkEdge } from '../../../ui/flow/link-edge.ts';
import { ALL_IN_PAGE, STILL_CANVAS } from '../../../ui/flow/still-canvas.ts';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { FlowNode } from './flow-node.tsx';
import { shownMember } from '../run/members.ts';
import { NodeRevert } from './node-revert.tsx';
import { PreviewCount } from '../plan/revert-button.tsx';
import { TaskNode } from './task-node.tsx';
import { showLayout } from '../run/view-store.ts';

const NODE_TYPES = { task: TaskNode, flow: FlowNode };
const EDGE_TYPES = { flow: FlowEdge };
const MARGIN = 32;
const LEAST_ZOOM = 0.85;

export function RunCanvas() {
  const definition = useRun((state) => state.definition);
  return (
    <section aria-label="Canvas" className="relative min-h-0 min-w-0 flex-1 canvas-dots">
      {definition !== null && (
        <ReactFlowProvider>
          <Drawing definition={definition} />
        </ReactFlowProvider>
      )}
      <PreviewCount />
    </section>
  );
}

function Drawing({ definition }: { readonly definition: FlowDefinition }) {
  const { view, store, nameOf, itemOf } = useJobPage();
  const frame = useRef<HTMLDivElement>(null);
  const { layout, nodes, edges } = useMemo(() => {
    const made = layoutFlow(definition);
    const links = new Map(
      placedItems(definition).flatMap(({ item }) => (item.kind === 'flow' ? item.links.map((one) => [one.id, one]) : [])),
    );
    return {
      layout: made,
      nodes: made.nodes.map((node) => nodeOf(node, nameOf)),
      edges: made.edges.map((edge) => linkEdge(edge, links.get(edge.id))),
    };
  }, [definition, nameOf]);
  const select: NodeMouseHandler = (_event, { id }) => {
    const { atoms, members } = store.getState();
    const tasks = members.get(id)?.tasks ?? [];
    const shown = shownMember(tasks, { selected: view.getState().selected, atoms });
    // For a task the atom is selected; for a container or a subflow the item.
    view.setState({ selected: itemOf(id)?.kind === 'task' ? (shown ?? id) : id, entry: null });
  };
  const begin = (flow: ReactFlowInstance<Node, FlowEdgeType>) => {
    const box = frame.current?.getBoundingClientRect();
    if (box !== undefined) void flow.setViewport(firstViewport(layout, box));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only where the mouse is matters; the keyboard selects
    <div ref={frame} className="absolute inset-0" onMouseLeave={() => view.setState({ hovered: null })}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={begin}
        onNodeClick={select}
        onNodeMouseEnter={(_event, { id }) => view.setState({ hovered: id })}
        onPaneClick={() => view.setState({ selected: null, entry: null })}
        {...STILL_CANVAS}
        onlyRenderVisibleElements={nodes.length > ALL_IN_PAGE}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={0} />
        <BringIntoSight />
        <NodeRevert />
        <Tools />
      </ReactFlow>
    </div>
  );
}

/** Moves the view only to an item selected elsewhere, and, if the person chose so, to the running items. */
function BringIntoSight() {
  const flow = useReactFlow();
  const { ownerOf } = useJobPage();
  const { store } = useJobPage();
  const chosen = useView((state) => (state.selected === null ? null : ownerOf(state.selected)));
  const follows = useView((state) => state.followRunning);
  const running = useRun((state) => (follows && state.painted > 0 ? runningIn(store.getState().atoms) : null));
  const selected = running === null ? chosen : ownerOf(running);
  useEffect(() => {
    const node = selected === null ? undefined : flow.getInternalNode(selected);
    if (node === undefined) return;
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    const box = document.querySelector('.react-flow')?.getBoundingClientRect();
    const at = flow.flowToScreenPosition({ x: x + width / 2, y: y + height / 2 });
    if (box === undefined || (at.x > box.left + 40 && at.x < box.right - 40 && at.y > box.top + 20 && at.y < box.bottom - 20)) return;
    void flow.setCenter(x + width / 2, y + height / 2, { zoom: flow.getZoom() });
  }, [flow, selected]);
  return null;
}

function runningIn(atoms: ReadonlyMap<string, AtomSnapshot>): string | null {
  for (const { atom, state } of atoms.values()) if (state === 'RUNNING' || state === 'REVERTING') return atom;
  return null;
}

function Tools() {
  const flow = useReactFlow();
  const { view } = useJobPage();
  const follows = useView((state) => state.followRunning);
  const layout = useView((state) => state.layout);
  return (
    <Panel position="bottom-right" className="!m-2.5 flex gap-1">
      <IconButton
        look={follows ? 'primary' : 'default'}
        label="Follow what runs"
        aria-pressed={follows}
        onClick={() => view.setState({ followRunning: !follows })}
      >
        <Crosshair size={15} />
      </IconButton>
      <IconButton
        look="default"
        label={layout === 'canvas' ? 'Canvas and timeline' : 'Canvas only'}
        onClick={() => showLayout(view, layout === 'canvas' ? 'both' : 'canvas')}
      >
        {layout === 'canvas' ? <Rows2 size={15} /> : <PanelTop size={15} />}
      </IconButton>
      <IconButton look="default" label="Zoom out" onClick={() => void flow.zoomOut()}>
        <Minus size={15} />
      </IconButton>
      <IconButton look="default" label="Zoom in" onClick={() => void flow.zoomIn()}>
        <Plus size={15} />
      </IconButton>
      <IconButton look="default" label="Show the whole flow" onClick={() => void flow.fitView({ padding: 0.1, maxZoom: 1 })}>
        <Maximize size={15} />
      </IconButton>
    </Panel>
  );
}

function nodeOf({ id, kind, parent, x, y, width, height }: FlowLayout['nodes'][number], nameOf: (id: string) => string): Node {
  return {
    id,
    type: kind,
    position: { x, y },
    data: {},
    width,
    height,
    ariaLabel: nameOf(id),
    ...(parent === null ? {} : { parentId: parent }),
  };
}

/** Fits the whole flow if it is readable at that size; else shows its beginning at a readable size. */
export function firstViewport({ nodes }: FlowLayout, box: { width: number; height: number }): { x: number; y: number; zoom: number } {
  const top = nodes.filter(({ parent }) => parent === null);
  const right = top.reduce((most, { x, width }) => Math.max(most, x + width), 0);
  const bottom = top.reduce((most, { y, height }) => Math.max(most, y + height), 0);
  const left = top.reduce((least, { x }) => Math.min(least, x), right);
  const up = top.reduce((least, { y }) => Math.min(least, y), bottom);
  const width = Math.max(1, right - left);
  const height = Math.max(1, bottom - up);
  const zoom = Math.max(LEAST_ZOOM, Math.min(1, (box.width - 2 * MARGIN) / width, (box.height - 2 * MARGIN) / height));
  const place = (room: number, size: number, start: number) =>
    (size * zoom + 2 * MARGIN <= room + 1 ? (room - size * zoom) / 2 : MARGIN) - start * zoom;
  return { x: place(box.width, width, left), y: place(box.height, height, up), zoom };
}
