// Short facts about an item beside its name: retry, time limit, join, reverts. Pure.
import type { Item, RetryPolicy } from '@windlass/engine/definition';
import { shortDuration } from '../../../lib/durations.ts';

export interface ItemBadge {
  readonly kind: 'retry' | 'limit' | 'any' | 'undo' | 'kept';
  readonly words: string;
  /** A sentence, for hover and for screen readers. */
  readonly title: string;
}

export function badgesOf(item: Item): ItemBadge[] {
  const badges: ItemBadge[] = [];
  if (item.retry !== undefined) badges.push({ kind: 'retry', words: retryWords(item.retry), title: retrySentence(item.retry) });
  if (item.kind === 'task' && item.timeLimitMs !== undefined) {
    const words = `≤ ${shortDuration(item.timeLimitMs)}`;
    badges.push({ kind: 'limit', words, title: `An attempt may take ${shortDuration(item.timeLimitMs)}` });
  }
  if (item.join === 'any') badges.push({ kind: 'any', words: 'any', title: 'Runs as soon as one incoming link is satisfied' });
  if (item.join === 'live')
    badges.push({ kind: 'any', words: 'live', title: 'Waits for its live incoming links, and runs if one is satisfied' });
  if (item.kind === 'flow' && item.revert?.mode === 'task')
    badges.push({ kind: 'undo', words: 'one undo', title: 'One task undoes the whole container' });
  if (item.kind === 'flow' && item.revert?.mode === 'none')
    badges.push({ kind: 'kept', words: 'kept', title: `Not undone: ${item.revert.reason}` });
  return badges;
}

function retryWords({ strategy }: RetryPolicy): string {
  switch (strategy.kind) {
    case 'times':
      return `retry ×${strategy.attempts}`;
    case 'for_each':
      return `retry ×${strategy.values.length}`;
    case 'parameterised':
      return 'retry per value';
    case 'expression':
      return 'retry if';
    case 'always_revert':
      return 'gives up';
    case 'always_revert_all':
      return 'reverts all';
  }
}

/** One sentence about what a retry does. */
export function retrySentence({ strategy }: RetryPolicy): string {
  switch (strategy.kind) {
    case 'times':
      return `Tried ${strategy.attempts === 1 ? 'once' : `${strategy.attempts} times`} in all before it gives up`;
    case 'for_each':
      return `Tried once with each of ${strategy.values.length} values`;
    case 'parameterised':
      return 'Tried once with each value of a list that is known when it begins';
    case 'expression':
      return 'An expression decides after each failure';
    case 'always_revert':
      return 'Gives up at once and asks the container around it';
    case 'always_revert_all':
      return 'Gives up at once and reverts the whole run';
  }
}

/** Text after a container's name: how it repeats. */
export function repeatWords(item: Item): string | null {
  if (item.kind !== 'flow') return null;
  if (item.pattern === 'for_each') return `${item.limit ?? 1} at a time`;
  if (item.pattern === 'loop') return `≤ ${item.loop?.limit ?? '?'} rounds`;
  return item.limit === undefined ? null : `≤ ${item.limit} at once`;
}
