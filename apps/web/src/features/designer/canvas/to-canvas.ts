// Definition -> nodes and edges of React Flow. Only the document is stored; nodes and edges are computed from it.
import {
  type DescriptorLookup,
  effectsOfItem,
  type FlowDefinition,
  PATTERNS,
  type Problem,
  placedItems,
} from '@windlass/engine/definition';
import { layoutFlow } from '../../../lib/flow-layout.ts';
import type { FlowEdgeType } from '../../../ui/flow/flow-edge.tsx';
import { linkEdge } from '../../../ui/flow/link-edge.ts';
import { linkSentence } from '../../../ui/flow/link-words.ts';
import { badgesOf, repeatWords } from './badges.ts';
import { FAILURE_HANDLE } from './failure-handle.tsx';
import type { FlowNodeType } from './flow-node.tsx';
import type { TaskNodeType } from './task-node.tsx';

export type CanvasNode = TaskNodeType | FlowNodeType;

export interface CanvasPicture {
  readonly nodes: CanvasNode[];
  readonly edges: FlowEdgeType[];
}

export interface PictureOf {
  readonly definition: FlowDefinition;
  readonly find: DescriptorLookup;
  readonly problems: readonly Problem[];
  /** A link was picked by its label. */
  readonly onPick: (link: string) => void;
}

/** Nodes and edges of a definition. Links that people drew can be selected and removed; links of a pattern cannot. */
export function toCanvas({ definition, find, problems, onPick }: PictureOf): CanvasPicture {
  const { nodes: boxes, edges } = layoutFlow(definition, 'down');
  const items = new Map(placedItems(definition).map(({ item }) => [item.id, item]));
  const inGraph = new Set(placedItems(definition).flatMap(({ item, within }) => (within.at(-1)?.pattern === 'graph' ? [item.id] : [])));
  const problemCount = new Map<string, number>();
  for (const { item } of problems) if (item !== null) problemCount.set(item, (problemCount.get(item) ?? 0) + 1);
  const drawn = new Map([...items.values()].flatMap((item) => (item.kind === 'flow' ? item.links.map((link) => [link.id, link]) : [])));
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
        pattern: PATTERNS[item.pattern].title.toLowerCase(),
        icon: item.pattern,
        repeats: repeatWords(item),
        badges: badgesOf(item),
        problems: count,
        mayCatch: inGraph.has(item.id),
        isEmpty: item.items.length === 0,
        isTarget: false,
      };
      return [
        {
          ...place,
          type: 'flow',
          data,
          zIndex: 0,
          ariaLabel: `${item.name}, ${[item.pattern, ...badgesOf(item).map(({ title }) => title)].join(', ')}`,
        },
      ];
    }
    if (item.kind === 'subflow') {
      const data = {
        name: item.name,
        type: `flow, version ${item.version}`,
        icon: 'subflow',
        irreversible: null,
        badges: badgesOf(item),
        problems: count,
        mayCatch: inGraph.has(item.id),
      };
      return [{ ...place, type: 'task', data, zIndex: 10, ariaLabel: `${item.name}, subflow` }];
    }
    const effects = effectsOfItem(item, find);
    const data = {
      name: item.name,
      type: item.type,
      icon: find(item.type, item.typeVersion)?.icon,
      irreversible: effects?.kind === 'irreversible' ? effects.reason : null,
      badges: badgesOf(item),
      problems: count,
      mayCatch: inGraph.has(item.id),
    };
    return [{ ...place, type: 'task', data, zIndex: 10, ariaLabel: `${item.name}, ${item.type}` }];
  });
  const nameOf = (id: string): string => items.get(id)?.name ?? id;
  return {
    nodes,
    edges: edges.map((line) => {
      const { id, from, to } = line;
      const link = drawn.get(id);
      return {
        ...linkEdge(line, link, link === undefined ? undefined : () => onPick(id)),
        ...(link?.onFailure ? { sourceHandle: FAILURE_HANDLE } : {}),
        selectable: link !== undefined,
        focusable: link !== undefined,
        deletable: link !== undefined,
        zIndex: 5,
        ariaLabel: link === undefined ? `${nameOf(from)} before ${nameOf(to)}` : linkSentence(link, { from: nameOf(from), to: nameOf(to) }),
      } satisfies FlowEdgeType;
    }),
  };
}
