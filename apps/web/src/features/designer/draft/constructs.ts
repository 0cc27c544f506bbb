// New containers, retries and reverts that can be stored as they are; and changes of their kind that keep shared fields.
import {
  type ContainerRevert,
  type FlowDefinition,
  type FlowItem,
  PATTERNS,
  type PatternName,
  type RetryPolicy,
} from '@windlass/engine/definition';
import { newId, takenIds, updateItem } from './edits.ts';

/** The fields that a for-each and a loop need; empty for other patterns. */
function needsOf(pattern: PatternName): Pick<FlowItem, 'forEach' | 'loop'> {
  switch (pattern) {
    case 'for_each':
      return { forEach: { list: { from: 'constant', value: [] } } };
    case 'loop':
      return { loop: { again: 'false', limit: 10 } };
    case 'linear':
    case 'unordered':
    case 'graph':
      return {};
  }
}

export function newFlow(definition: FlowDefinition, pattern: PatternName): FlowItem {
  const id = newId(definition, pattern);
  return { kind: 'flow', id, name: PATTERNS[pattern].title, pattern, items: [], links: [], ...needsOf(pattern) };
}

/** The container with another pattern: links are a graph's, the list a for-each's, the condition a loop's. */
export function withPattern(flow: FlowItem, pattern: PatternName): FlowItem {
  const { forEach, loop, limit, ...rest } = flow;
  const hasLimit = pattern === 'unordered' || pattern === 'for_each';
  return {
    ...rest,
    pattern,
    links: pattern === 'graph' ? flow.links : [],
    ...(hasLimit && limit !== undefined ? { limit } : {}),
    ...needsOf(pattern),
    ...(pattern === 'for_each' && forEach !== undefined ? { forEach } : {}),
    ...(pattern === 'loop' && loop !== undefined ? { loop } : {}),
  };
}

/** The first retry of an item: three attempts without delay. */
export function newRetry(definition: FlowDefinition, item: string): RetryPolicy {
  return {
    id: freeId(definition, `${item}_retry`),
    strategy: { kind: 'times', attempts: 3, revertAll: false },
    delayMs: 0,
    backoff: 1,
    jitter: 0,
  };
}

type StrategyKind = RetryPolicy['strategy']['kind'];

/** The retry with another strategy; it keeps whether it reverts the whole run when it gives up. */
export function withStrategy(retry: RetryPolicy, kind: StrategyKind): RetryPolicy {
  const { strategy } = retry;
  const revertAll = 'revertAll' in strategy && strategy.revertAll;
  switch (kind) {
    case 'always_revert':
    case 'always_revert_all':
      return { ...retry, strategy: { kind } };
    case 'times':
      return { ...retry, strategy: { kind, attempts: 3, revertAll } };
    case 'for_each':
      return { ...retry, strategy: { kind, values: [], revertAll } };
    case 'parameterised':
      return { ...retry, strategy: { kind, values: { from: 'constant', value: [] }, revertAll } };
    case 'expression':
      return { ...retry, strategy: { kind, cel: 'retry.attempt < 3 ? "RETRY" : "REVERT"', first: null, attempts: 3 } };
  }
}

/** The most attempts of an item's retry that decides by an expression. */
export function limitRetry(definition: FlowDefinition, item: string, attempts: number): FlowDefinition {
  return updateItem(definition, item, (one) =>
    one.retry?.strategy.kind === 'expression' ? { ...one, retry: { ...one.retry, strategy: { ...one.retry.strategy, attempts } } } : one,
  );
}

/** A new revert of a container, by its mode. */
export function newRevert(
  definition: FlowDefinition,
  { item, mode, type }: { item: string; mode: ContainerRevert['mode']; type: string },
): ContainerRevert {
  switch (mode) {
    case 'each':
      return { mode };
    case 'task':
      return { mode, id: freeId(definition, `${item}_undo`), type, typeVersion: 1, parameters: {}, bindings: {} };
    case 'none':
      return { mode, reason: 'It cannot be undone' };
  }
}

function freeId(definition: FlowDefinition, words: string): string {
  const base = words.slice(0, 58);
  const taken = takenIds(definition);
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}_${count}`;
  return id;
}
