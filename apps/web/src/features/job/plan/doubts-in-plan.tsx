// The doubts that block a rollback, each with its answers.
import { type Trouble, isDeadLetter, troublesOf } from '@windlass/engine/run';
import { DoubtAnswers } from '../acts/doubt-answers.tsx';
import { useJobPage, useRun } from '../job-context.tsx';

type DoubtTrouble = Extract<Trouble, { kind: 'doubt' }>;
const NONE: readonly DoubtTrouble[] = [];

/** The doubts of a running job. A held job and a dead letter can be rolled back in spite of their doubts. */
export function useBlockingDoubts(): readonly DoubtTrouble[] {
  const { store } = useJobPage();
  const facts = useRun((state) => state.facts);
  if (facts === null || (facts.state !== 'RUNNING' && facts.state !== 'SUSPENDING') || isDeadLetter(facts)) return NONE;
  return troublesOf(facts, store.getState().atoms.values()).filter((trouble) => trouble.kind === 'doubt');
}

export function DoubtsInPlan({ doubts }: { readonly doubts: readonly DoubtTrouble[] }) {
  const { nameOf } = useJobPage();
  return (
    <ul className="mb-3 divide-y divide-st-doubt-line/40 rounded-2 border border-st-doubt-line/40 bg-st-doubt-bg text-12">
      {doubts.map(({ atom, cause }) => (
        <li key={atom} className="px-3 py-2">
          <p className="font-medium">“{nameOf(atom)}” is in doubt</p>
          <p className="text-fg-2 wrap-anywhere">{cause}</p>
          <div className="mt-2 flex flex-wrap gap-2">
            <DoubtAnswers atom={atom} />
          </div>
        </li>
      ))}
    </ul>
  );
}
