import '@xyflow/react/dist/style.css';
import {
  Background,
  type Connection,
  Controls,
  type EdgeChange,
  type NodeChange,
  ReactFlow,
  useNodesState,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Catalog } from '../../../lib/catalog.ts';
import { FlowEdge, type FlowEdgeType } from '../../../ui/flow/flow-edge.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { pinPositions, placeAt } from './drop-place.ts';
import { addItem, containerOf, moveItem, removeItems } from '../draft/edits.ts';
import { FAILURE_HANDLE } from './failure-handle.tsx';
import { FlowNode } from './flow-node.tsx';
import { useLinking } from './linking.tsx';
import { makeItem } from '../draft/make-item.ts';
import { carried } from './palette.tsx';
import { TaskNode } from './task-node.tsx';
import { type CanvasNode, toCanvas } from './to-canvas.ts';
import { useProblems } from '../draft/use-problems.ts';

const NODE_TYPES = { task: TaskNode, flow: FlowNode };
const EDGE_TYPES = { flow: FlowEdge };
/** With more items than this, only the visible ones are drawn. */
const MANY = 300;
const FIT = { padding: 0.15, maxZoom: 1 };

/** The canvas. It executes nothing: dragging, linking and removing change the document, and the canvas draws the document again. */
export function Canvas({ catalog }: { readonly catalog: Catalog }) {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  const selection = useDraft((state) => state.selection);
  const problems = useProblems(catalog);
  const { screenToFlowPosition } = useReactFlow();
  const { link } = useLinking();
  const picture = useMemo(
    () => toCanvas({ definition, find: catalog.find, problems, onPick: (id) => store.getState().select([id]) }),
    [definition, catalog, problems, store],
  );
  const [nodes, setNodes, onNodesChange] = useNodesState<CanvasNode>(picture.nodes);
  const dragging = useRef(false);

  useEffect(() => {
    if (dragging.current) return;
    setNodes((known) => {
      const measured = new Map(known.map((node) => [node.id, node.measured]));
      return picture.nodes.map((node) => {
        const size = measured.get(node.id);
        return size ? { ...node, measured: size } : node;
      });
    });
  }, [picture, setNodes]);

  // Only the draft holds the selection, for nodes and links, so that the two cannot differ.
  const shownNodes = useMemo(() => selectIn(nodes, selection), [nodes, selection]);
  const shownEdges = useMemo(() => selectIn(picture.edges, selection), [picture, selection]);
  const selectBy = (changes: readonly (NodeChange<CanvasNode> | EdgeChange<FlowEdgeType>)[]) => {
    const before = store.getState().selection;
    const chosen = new Set(before);
    for (const change of changes) {
      if (change.type !== 'select') continue;
      if (change.selected) chosen.add(change.id);
      else chosen.delete(change.id);
    }
    if ([...chosen].join() !== before.join()) store.getState().select([...chosen]);
  };

  const drop = (event: DragEvent) => {
    const item = carried(event);
    if (item === null) return;
    event.preventDefault();
    const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const made = makeItem(store.getState().definition, catalog, item);
    if (made === null) return;
    store.getState().change(`Add ${made.name}`, (now) => {
      const place = placeAt(now, point);
      return addItem(pinPositions(now, place.container), made, place);
    });
    store.getState().select([made.id]);
  };

  const endDrag = (event: MouseEvent | TouchEvent, node: CanvasNode) => {
    dragging.current = false;
    const at = 'clientX' in event ? event : event.changedTouches[0];
    if (at === undefined) return;
    const point = screenToFlowPosition({ x: at.clientX, y: at.clientY });
    store.getState().change(`Move ${node.data.name}`, (now) => {
      const place = placeAt(now, point, node.id);
      const same = containerOf(now, node.id)?.id === place.container;
      // In a graph, the box is placed where its corner was dropped, not where the pointer was.
      return moveItem(pinPositions(now, place.container), node.id, same && place.position ? { ...place, position: node.position } : place);
    });
    // After a drag without a change, the box is drawn at its old position.
    setNodes((known) =>
      known.map((one) => picture.nodes.find(({ id }) => id === one.id && store.getState().definition === definition) ?? one),
    );
  };

  const connected = useCallback(
    ({ source, target, sourceHandle }: Connection) =>
      link({ from: source, to: target, way: sourceHandle === FAILURE_HANDLE ? 'failure' : 'on' }),
    [link],
  );

  const remove = (gone: { nodes: { id: string }[]; edges: { id: string }[] }) => {
    const ids = new Set([...gone.nodes, ...gone.edges].map(({ id }) => id));
    if (ids.size === 0) return;
    store.getState().change('Remove', (now) => removeItems(now, ids));
    store.getState().select([]);
  };

  return (
    <section aria-label="Canvas" className="relative min-w-0 flex-1 bg-canvas">
      <ReactFlow<CanvasNode, FlowEdgeType>
        nodes={shownNodes}
        edges={shownEdges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={(changes) => {
          selectBy(changes);
          onNodesChange(changes.filter(({ type }) => type !== 'remove' && type !== 'select'));
        }}
        onEdgesChange={selectBy}
        onNodeDragStart={() => {
          dragging.current = true;
        }}
        onNodeDragStop={endDrag}
        onConnect={connected}
        onDelete={remove}
        onDrop={drop}
        onDragOver={(event) => event.preventDefault()}
        deleteKeyCode={['Delete', 'Backspace']}
        onlyRenderVisibleElements={nodes.length > MANY}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
        maxZoom={2}
        zoomOnDoubleClick={false}
      >
        <Background color="var(--dot)" gap={16} size={1.5} />
        <Controls showInteractive={false} position="bottom-left" />
      </ReactFlow>
    </section>
  );
}

/** The same nodes or links with those ids selected; an unchanged one stays the same object. */
function selectIn<T extends { id: string; selected?: boolean }>(things: readonly T[], ids: readonly string[]): T[] {
  const chosen = new Set(ids);
  return things.map((thing) => ((thing.selected ?? false) === chosen.has(thing.id) ? thing : { ...thing, selected: chosen.has(thing.id) }));
}
