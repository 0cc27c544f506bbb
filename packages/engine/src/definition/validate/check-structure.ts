// The parts of each construct besides its items: a list, a condition, a limit, or a link that goes back with one entrance
// (P4 to P8, R1, R8).
import type { DescriptorLookup } from '../../task/task.ts';
import { parseElementKey } from '../expression.ts';
import { checkFailureLinks } from './check-failure-links.ts';
import { checkMerges } from './check-merges.ts';
import { checkParameters } from './check-parameters.ts';
import { loopsOf } from '../loops.ts';
import type { Problem } from './problem.ts';
import type { FlowItem, FlowLink, Item } from '../schema.ts';
import type { Placed } from '../tree.ts';

export function checkStructure(placed: readonly Placed[], find: DescriptorLookup): Problem[] {
  return placed.flatMap(({ item }) => [
    ...checkRetry(item),
    ...(item.kind === 'flow'
      ? [...checkPattern(item), ...checkLoops(item), ...checkFailureLinks(item), ...checkMerges(item), ...checkRevert(item, find)]
      : []),
  ]);
}

/** The limit that the fix gives to an expression without one. */
const ATTEMPTS = 10;

function checkRetry({ id, name, retry }: Item): Problem[] {
  if (retry?.strategy.kind !== 'expression' || retry.strategy.attempts !== undefined) return [];
  const message = `The retry of "${name}" decides by an expression and has no limit. Set the most attempts.`;
  const fix = { kind: 'limitRetry', item: id, attempts: ATTEMPTS, label: `At most ${ATTEMPTS} attempts` } as const;
  return [{ item: id, code: 'RETRY_UNLIMITED', severity: 'error', field: 'retry', message, fix }];
}

function checkPattern(container: FlowItem): Problem[] {
  const problems: Problem[] = [];
  const add = (code: Problem['code'], message: string) => problems.push({ item: container.id, code, severity: 'error', message });
  if (container.pattern === 'for_each' && container.forEach === undefined)
    add('LIST_MISSING', `"${container.name}" needs a list to go through. Bind its list.`);
  if (container.pattern === 'loop' && container.loop === undefined)
    add('LOOP_INCOMPLETE', `"${container.name}" needs a condition for another round, and a limit on rounds.`);
  const { collect } = container.forEach ?? {};
  if (collect !== undefined && !container.items.some(({ id }) => id === collect)) {
    add('LIST_MISSING', `"${container.name}" gathers the outputs of "${collect}", which is not directly inside it.`);
  }
  const why = container.pattern === 'for_each' ? whyNoKey(container.forEach?.key) : null;
  if (why !== null) {
    const message = `The key of "${container.name}" cannot be read: ${why} It is CEL over \`element\`, such as element.id.`;
    problems.push({ item: container.id, code: 'EXPRESSION_INVALID', severity: 'error', field: 'key', message });
  }
  for (const link of container.links) {
    if (link.again !== undefined && link.decider === undefined)
      add('LOOP_INCOMPLETE', `The link from "${link.from}" back to "${link.to}" needs a condition.`);
  }
  return problems;
}

function whyNoKey(key: string | undefined): string | null {
  try {
    if (key !== undefined) parseElementKey(key);
    return null;
  } catch (thrown) {
    const [why = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    return /[.!?]$/.test(why) ? why : `${why}.`;
  }
}

function checkLoops(container: FlowItem): Problem[] {
  const loops = loopsOf(container);
  return loops.flatMap(({ link, items }, index): Problem[] => {
    const inside = new Set(items);
    const where = { item: container.id, severity: 'error', fix: removal(link) } as const;
    if (!inside.has(link.from) || !inside.has(link.to)) {
      const message = `The link from "${link.from}" goes back to "${link.to}", but no links lead from "${link.to}" to "${link.from}". Make it an ordinary link.`;
      return [{ ...where, code: 'LOOP_INCOMPLETE', message }];
    }
    const entrance = container.links.find(
      (one) => one.again === undefined && inside.has(one.to) && !inside.has(one.from) && one.to !== link.to,
    );
    if (entrance !== undefined) {
      const message = `The loop back to "${link.to}" can also be entered at "${entrance.to}". Let every link from outside lead to "${link.to}".`;
      return [{ ...where, code: 'LOOP_TWO_ENTRIES', message }];
    }
    const crossing = loops.slice(index + 1).find((other) => {
      const shared = other.items.filter((id) => inside.has(id)).length;
      return shared > 0 && shared < inside.size;
    });
    if (crossing === undefined) return [];
    const message = `The loops back to "${link.to}" and to "${crossing.link.to}" overlap. One loop must lie inside the other, or the two must share no item.`;
    return [{ ...where, code: 'LOOP_TWO_ENTRIES', message }];
  });
}

function checkRevert(container: FlowItem, find: DescriptorLookup): Problem[] {
  const { revert } = container;
  if (revert?.mode !== 'task') return [];
  const { mode: _, ...called } = revert;
  const task = { ...called, kind: 'task', name: `Undo ${container.name}`, priority: 0 } as const;
  return checkParameters(task, find).map((problem) => ({ ...problem, item: container.id }));
}

function removal({ id }: FlowLink) {
  return { kind: 'removeLink', link: id, label: 'Remove the link' } as const;
}
