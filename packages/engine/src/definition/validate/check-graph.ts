// Links and cycles: only patterns with links have them, they join direct children, and they form no cycle.
import { patternOf } from '../../patterns/index.ts';
import type { ChildOrder } from '../../patterns/pattern.ts';
import type { Problem } from './problem.ts';
import { type FlowDefinition, type FlowItem, MOST_DEPTH } from '../schema.ts';
import { type Placed, orderingsOf } from '../tree.ts';

export function checkGraph(definition: FlowDefinition, placed: readonly Placed[]): Problem[] {
  const problems = placed.flatMap(({ item, within }) => {
    if (item.kind !== 'flow') return [];
    const deep = within.length >= MOST_DEPTH;
    const tooDeep: Problem[] = deep
      ? [{ item: item.id, code: 'TOO_DEEP', severity: 'error', message: `"${item.name}" is nested more than ${MOST_DEPTH} deep.` }]
      : [];
    return [...tooDeep, ...checkLinks(item)];
  });
  for (const [container, orders] of orderingsOf(definition)) problems.push(...checkCycles(container, orders));
  return problems;
}

function checkLinks(container: FlowItem): Problem[] {
  const children = new Set(container.items.map(({ id }) => id));
  return container.links.flatMap((link): Problem[] => {
    const fix = { kind: 'removeLink', link: link.id, label: 'Remove the link' } as const;
    if (!patternOf(container).hasLinks) {
      const message = `"${container.name}" is ${container.pattern} and has no links of its own; remove the link or make it a graph.`;
      return [{ item: container.id, code: 'LINK_NOT_ALLOWED', severity: 'error', message, fix }];
    }
    const missing = [link.from, link.to].find((end) => !children.has(end));
    if (missing === undefined) return [];
    const message = `A link in "${container.name}" names "${missing}", which is not directly inside it.`;
    return [{ item: container.id, code: 'LINK_UNKNOWN', severity: 'error', message, fix }];
  });
}

/** Kahn's algorithm: items without a predecessor are taken away; every item left is on a cycle or after one. */
function checkCycles(container: FlowItem, orders: readonly ChildOrder[]): Problem[] {
  const before = new Array<number>(container.items.length).fill(0);
  const after = container.items.map((): number[] => []);
  for (const [from, to] of orders) {
    after[from]?.push(to);
    before[to] = (before[to] ?? 0) + 1;
  }
  const free = before.flatMap((count, index) => (count === 0 ? [index] : []));
  const left = new Set(before.keys());
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    left.delete(index);
    for (const next of after[index] ?? []) {
      before[next] = (before[next] ?? 0) - 1;
      if (before[next] === 0) free.push(next);
    }
  }
  if (left.size === 0) return [];
  const circle = circleIn(left, orders);
  const names = circle.map((index) => `"${container.items[index]?.name ?? ''}"`).join(' → ');
  const ids = new Set(circle.map((index) => container.items[index]?.id));
  const link = container.links.findLast(({ from, to }) => ids.has(from) && ids.has(to));
  return [
    {
      item: container.items[circle[0] ?? 0]?.id ?? container.id,
      code: 'CYCLE',
      severity: 'error',
      message: `These items wait for one another in a circle: ${names}. Remove a link or a binding among them.`,
      ...(link ? { fix: { kind: 'removeLink', link: link.id, label: 'Remove the last link of the circle' } as const } : {}),
    },
  ];
}

/** A circle among the items left, in running order. Each has a predecessor among them, so walking backwards finds a circle. */
function circleIn(left: ReadonlySet<number>, orders: readonly ChildOrder[]): number[] {
  const someBefore = new Map<number, number>();
  for (const [from, to] of orders) if (left.has(from) && left.has(to)) someBefore.set(to, from);
  const path: number[] = [];
  const seen = new Set<number>();
  let index = [...left][0] ?? 0;
  while (!seen.has(index)) {
    seen.add(index);
    path.push(index);
    index = someBefore.get(index) ?? index;
  }
  return [index, ...path.slice(path.indexOf(index) + 1).reverse(), index];
}
