// A task that will be applied again by a retry: the retry that it waits for, and the failure that led to it. Pure.
import type { RetryPolicy } from '@windlass/engine/definition';
import type { AtomSnapshot, RetryAttempt } from '@windlass/engine/run';
import { iterationOf } from './members.ts';

type Atoms = ReadonlyMap<string, AtomSnapshot>;

/** The retry of an item that is between two attempts, in that iteration. */
export function retryOf(controls: readonly string[], { iteration, atoms }: { readonly iteration: string; readonly atoms: Atoms }) {
  return controls.map((one) => atoms.get(one)).find((one) => one?.state === 'RETRYING' && iterationOf(one.atom).startsWith(iteration));
}

/** Has the task not begun? Then the state of a retry that waits is shown in place of its own. */
export function hasNotBegun(atom: AtomSnapshot | undefined): boolean {
  return atom === undefined || atom.state === 'PENDING';
}

/** Why the last attempt of a task failed, while a retry, its own or one around it, begins it again; null in every other state. */
export function failureBefore(address: string, atoms: Atoms): RetryAttempt['failures'][number] | null {
  const atom = atoms.get(address);
  if (atom?.state !== 'PENDING' || atom.attempt === 0) return null;
  let last: RetryAttempt | undefined;
  for (const { history } of atoms.values()) {
    const newest = history.findLast(({ failures }) => failures.some((one) => one.atom === address));
    if (newest !== undefined && (last === undefined || newest.startedAt > last.startedAt)) last = newest;
  }
  return last?.failures.find((one) => one.atom === address) ?? null;
}

/** The number of the next attempt of a retry that waits: `2 of 50`; without a limit in the flow only `2`. */
export function nextAttemptWords({ history }: Pick<AtomSnapshot, 'history'>, policy: RetryPolicy | undefined): string {
  const most = mostOf(policy);
  return `${history.length + 1}${most === null ? '' : ` of ${most}`}`;
}

function mostOf(policy: RetryPolicy | undefined): number | null {
  switch (policy?.strategy.kind) {
    case 'times':
      return policy.strategy.attempts;
    case 'for_each':
      return policy.strategy.values.length;
    case 'expression':
      return policy.strategy.attempts ?? null;
    case 'parameterised':
    case 'always_revert':
    case 'always_revert_all':
    case undefined:
      return null;
  }
}
