// Definition -> what React Flow draws. The document is the truth; nodes and edges are derived from it.
import { type DescriptorLookup, effectsOfItem, type FlowDefinition, type Problem, placedItems } from '@windlass/engine';
import type { Edge } from '@xyflow/react';
import { layoutFlow } from '../../lib/flow-layout.ts';
import type { FlowNodeType } from './flow-node.tsx';
import type { TaskNodeType } from './task-node.tsx';

export type CanvasNode = TaskNodeType | FlowNodeType;

export interface CanvasPicture {
  readonly nodes: CanvasNode[];
  readonly edges: Edge[];
}

export interface PictureOf {
  readonly definition: FlowDefinition;
  readonly find: DescriptorLookup;
  readonly problems: readonly Problem[];
}

/** The picture of a drawing. Links that people drew can be selected and removed; those of a pattern cannot. */
export function toCanvas({ definition, find, problems }: PictureOf): CanvasPicture {
  const { nodes: boxes, edges } = layoutFlow(definition, 'down');
  const items = new Map(placedItems(definition).map(({ item }) => [item.id, item]));
  const problemCount = new Map<string, number>();
  for (const { item } of problems) if (item !== null) problemCount.set(item, (problemCount.get(item) ?? 0) + 1);
  const drawn = new Map(
    [...items.values()].flatMap((item) =>
      item.kind === 'flow' ? item.links.map((link) => [`${link.from}>${link.to}`, link.id] as const) : [],
    ),
  );
  const nodes = boxes.flatMap((box): CanvasNode[] => {
    const item = items.get(box.id);
    if (item === undefined) return [];
    const place = {
      id: box.id,
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      ...(box.parent === null ? {} : { parentId: box.parent }),
      draggable: item.id !== definition.root.id,
      deletable: item.id !== definition.root.id,
    };
    const count = problemCount.get(item.id) ?? 0;
    if (item.kind === 'flow') {
      const data = {
        name: item.name,
        pattern: item.pattern,
        limit: item.limit ?? null,
        problems: count,
        isEmpty: item.items.length === 0,
        isTarget: false,
      };
      return [{ ...place, type: 'flow', data, zIndex: 0, ariaLabel: `${item.name}, ${item.pattern}` }];
    }
    if (item.kind === 'subflow') {
      const data = {
        name: item.name,
        type: `flow, version ${item.version}`,
        icon: 'subflow',
        irreversible: null,
        problems: count,
      };
      return [{ ...place, type: 'task', data, zIndex: 10, ariaLabel: `${item.name}, subflow` }];
    }
    const effects = effectsOfItem(item, find);
    const data = {
      name: item.name,
      type: item.type,
      icon: find(item.type, item.typeVersion)?.icon,
      irreversible: effects?.kind === 'irreversible' ? effects.reason : null,
      problems: count,
    };
    return [{ ...place, type: 'task', data, zIndex: 10, ariaLabel: `${item.name}, ${item.type}` }];
  });
  return {
    nodes,
    edges: edges.map(({ from, to }) => {
      const link = drawn.get(`${from}>${to}`);
      return {
        id: link ?? `order:${from}>${to}`,
        source: from,
        target: to,
        selectable: link !== undefined,
        deletable: link !== undefined,
        zIndex: 5,
        style: { stroke: 'var(--link)', strokeWidth: 1.5 },
      };
    }),
  };
}
