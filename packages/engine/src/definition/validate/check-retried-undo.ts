// R3, R5: a retry undoes its failed attempt first. A failed attempt has no output, so an undo that needs one stops the retry.
import { defaultsOf, effectsOf } from '../../task/effects.ts';
import type { DescriptorLookup } from '../../task/task.ts';
import { needsOutput } from '../../task/undo-needs-output.ts';
import type { Problem } from './problem.ts';
import type { Item, RetryPolicy } from '../schema.ts';
import type { Placed } from '../tree.ts';

export function checkRetriedUndo(placed: readonly Placed[], find: DescriptorLookup): Problem[] {
  return placed.flatMap(({ item, within }): Problem[] => {
    if (item.kind !== 'task' || ![item, ...within].some(isRetried)) return [];
    const descriptor = find(item.type, item.typeVersion);
    const rule = descriptor?.undoNeedsOutput;
    if (descriptor === undefined || rule === undefined) return [];
    const constants = { ...defaultsOf(descriptor.input), ...item.parameters };
    const bound = new Set(Object.keys(item.bindings));
    if (effectsOf(descriptor.effects, constants, bound).kind !== 'reversible' || !needsOutput(rule, constants, bound)) return [];
    const message = `"${item.name}" is tried again after a failure, but its undo uses its own output. If an attempt fails after it may have taken effect, nothing can undo it: then the retry stops and asks a person. ${rule.advice}`;
    return [{ item: item.id, code: 'RETRY_STOPS', severity: 'warning', field: rule.field, message }];
  });
}

/** Can the item be begun again by its own retry? */
function isRetried({ retry }: Item): boolean {
  return retry !== undefined && mayRetry(retry);
}

function mayRetry({ strategy }: RetryPolicy): boolean {
  switch (strategy.kind) {
    case 'always_revert':
    case 'always_revert_all':
      return false;
    case 'times':
      return strategy.attempts > 1;
    case 'for_each':
      return strategy.values.length > 1;
    case 'parameterised':
      return true;
    case 'expression':
      return strategy.attempts !== 1;
  }
}
