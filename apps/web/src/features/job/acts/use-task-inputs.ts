import type { AtomSnapshot } from '@windlass/engine/run';
import { useMemo } from 'react';
import type { TaskInput } from './ask.ts';
import { useJobPage } from '../job-context.tsx';

/** Tasks in one of those states, with the input of their last attempt, read when it is called. */
export function useTaskInputs(): (...states: readonly AtomSnapshot['state'][]) => readonly TaskInput[] {
  const { store, nameOf, itemOf } = useJobPage();
  return useMemo(
    () =>
      (...states) =>
        [...store.getState().atoms.values()]
          .filter(({ state, attempt, atom }) => states.includes(state) && attempt > 0 && itemOf(atom)?.kind === 'task')
          .map(({ atom, input, inputAt }) => ({ atom, name: nameOf(atom), input, inputAt })),
    [store, nameOf, itemOf],
  );
}
