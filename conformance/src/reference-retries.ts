// The retries of the reference: the values that they try, and their decisions after a failure in their flow.
import type { Json } from '@windlass/engine/definition';
import type { Strategy } from './drawing.ts';

/** The values to try, one an attempt; null for a strategy that has no list. */
export function triesOf(strategy: Strategy, argument: () => Json | undefined): readonly Json[] | null {
  if (strategy.kind === 'for_each') return strategy.values;
  if (strategy.kind === 'scripted' && strategy.fails) return [];
  if (strategy.kind !== 'parameterised') return null;
  const list = argument();
  return Array.isArray(list) ? list : [];
}

/** The value of a retry without a list, after `tried` attempts. */
export function plainValue({ kind }: Strategy, tried: number): Json {
  return kind === 'times' || kind === 'scripted' ? tried + 1 : null;
}

/** RETRY, REVERT or REVERT_ALL. `tried` counts the attempt that has just failed. */
export function wordOf(strategy: Strategy, { tried, tries }: { readonly tried: number; readonly tries: readonly Json[] | null }): string {
  switch (strategy.kind) {
    case 'always_revert':
      return 'REVERT';
    case 'always_revert_all':
      return 'REVERT_ALL';
    case 'scripted':
      return strategy.decisions[tried - 1] ?? 'REVERT';
    case 'times':
    case 'for_each':
    case 'parameterised': {
      const most = strategy.kind === 'times' ? strategy.attempts : (tries?.length ?? 0);
      return tried < most ? 'RETRY' : strategy.revertAll ? 'REVERT_ALL' : 'REVERT';
    }
  }
}
