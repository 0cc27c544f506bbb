// The drawing of one version, with the change of each item. Items cannot be moved here.
import { Background, BackgroundVariant, Handle, type Node, type NodeProps, Position, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type FlowDefinition, placedItems } from '@windlass/engine/definition';
import { memo, useMemo } from 'react';
import { cx } from '../../lib/cx.ts';
import { layoutFlow } from '../../lib/flow-layout.ts';
import { FlowEdge, type FlowEdgeType } from '../../ui/flow/flow-edge.tsx';
import { linkEdge } from '../../ui/flow/link-edge.ts';
import { ALL_IN_PAGE, STILL_CANVAS } from '../../ui/flow/still-canvas.ts';
import { hueVar } from '../../ui/state/state-look.ts';
import { CHANGE_LOOKS, type Change } from './change-look.ts';
import { ChangeMark } from './change-mark.tsx';

type ItemNode = Node<{ readonly name: string; readonly change: Change }>;

const HANDLE = '!min-h-0 !min-w-0 !h-1 !w-1 !border-0 !bg-transparent';
const NODE_TYPES = { task: memo(TaskBox), flow: memo(FlowBox) };
const EDGE_TYPES = { flow: FlowEdge };

export interface VersionCanvasProps {
  readonly name: string;
  readonly definition: FlowDefinition;
  readonly changes: ReadonlyMap<string, Change>;
}

export function VersionCanvas({ name, definition, changes }: VersionCanvasProps) {
  const { nodes, edges } = useMemo(() => drawingOf(definition, changes), [definition, changes]);
  return (
    <section aria-label={`Canvas of ${name}`} className="relative min-h-0 flex-1 border-b border-line canvas-dots last:border-0">
      <span className="absolute left-3 top-2 z-10 rounded-1 border border-line bg-surface px-1.5 text-11 font-semibold">{name}</span>
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          fitView
          fitViewOptions={{ padding: 0.15, maxZoom: 1 }}
          {...STILL_CANVAS}
          onlyRenderVisibleElements={nodes.length > ALL_IN_PAGE}
        >
          <Background variant={BackgroundVariant.Dots} gap={16} size={0} />
        </ReactFlow>
      </ReactFlowProvider>
    </section>
  );
}

function drawingOf(definition: FlowDefinition, changes: ReadonlyMap<string, Change>): { nodes: ItemNode[]; edges: FlowEdgeType[] } {
  const layout = layoutFlow(definition);
  const placed = placedItems(definition);
  const names = new Map(placed.map(({ item }) => [item.id, item.name]));
  const links = new Map(placed.flatMap(({ item }) => (item.kind === 'flow' ? item.links.map((link) => [link.id, link] as const) : [])));
  return {
    nodes: layout.nodes.map(({ id, kind, parent, x, y, width, height }) => ({
      id,
      type: kind,
      position: { x, y },
      data: { name: names.get(id) ?? id, change: changes.get(id) ?? 'same' },
      width,
      height,
      ...(parent === null ? {} : { parentId: parent }),
    })),
    edges: layout.edges.map((edge) => linkEdge(edge, links.get(edge.id))),
  };
}

function styleOf(change: Change) {
  const { hue, border } = CHANGE_LOOKS[change];
  if (change === 'same') return { borderColor: 'var(--line-strong)' };
  return { borderColor: hueVar(hue, 'line'), borderStyle: border, borderWidth: border === 'double' ? 4 : 2 };
}

function TaskBox({ id, data: { name, change } }: NodeProps<ItemNode>) {
  return (
    <div
      data-testid={`compared-${id}`}
      data-change={change}
      className="flex h-14 w-[216px] items-center gap-2 rounded-3 border bg-surface px-3"
      style={styleOf(change)}
    >
      <Handle type="target" position={Position.Left} className={HANDLE} isConnectable={false} />
      <span className="min-w-0 flex-1 truncate text-12 font-medium" title={name}>
        {name}
      </span>
      {change !== 'same' && <ChangeMark change={change} />}
      <Handle type="source" position={Position.Right} className={HANDLE} isConnectable={false} />
    </div>
  );
}

function FlowBox({ id, data: { name, change } }: NodeProps<ItemNode>) {
  return (
    <div data-testid={`compared-${id}`} data-change={change} className="size-full rounded-3 border bg-surface/60" style={styleOf(change)}>
      <Handle type="target" position={Position.Left} className={HANDLE} isConnectable={false} />
      <div className={cx('flex h-7 items-center gap-2 px-3 text-11 font-medium text-fg-2')}>
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {change !== 'same' && <ChangeMark change={change} />}
      </div>
      <Handle type="source" position={Position.Right} className={HANDLE} isConnectable={false} />
    </div>
  );
}
