import { type RollbackPlan, rollbackReport } from '@windlass/engine/run';
import { useJobPage, useRun } from '../job-context.tsx';
import { RollbackOutcome } from './rollback-outcome.tsx';
import { rollbackLook } from '../run/words.ts';

const SETTLED = /^(REVERTED|PARTIALLY_REVERTED|REVERT_FAILED|RUNNING|SUCCESS)$/;

/** The confirmed plan and its outcome, during the rollback and after it. */
export function RollbackProgress({ plan }: { readonly plan: RollbackPlan }) {
  const facts = useRun((state) => state.facts);
  const { store } = useJobPage();
  useRun((state) => state.painted);
  if (facts === null) return null;
  const look = rollbackLook(facts, { done: facts.done, total: facts.total, standing: facts.standing.length });
  const run = store.shownRun();
  if (run === null) return null;
  return (
    <RollbackOutcome
      plan={plan}
      atoms={store.getState().atoms}
      report={rollbackReport(run, plan)}
      ended={SETTLED.test(facts.state) ? look : null}
    />
  );
}
