import { rollbackReport } from '@windlass/engine/run';
import { useEffect, useMemo, useState } from 'react';
import { shortTime } from '../../../lib/times.ts';
import { sentenceOf } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useJobPage, useRun, useView } from '../job-context.tsx';
import { type PastRollback, lastRollback, pastRollback } from './past-rollback.ts';
import { RollbackOutcome } from './rollback-outcome.tsx';
import { factsOf } from '../run/run-facts.ts';
import { rollbackLook } from '../run/words.ts';

/** Compares what was planned with what was done in the last confirmed rollback, at any later time. */
export function RollbackReport() {
  const isOpen = useView((state) => state.report);
  return isOpen ? <Report /> : null;
}

function Report() {
  const { store, view } = useJobPage();
  const entries = useRun((state) => state.entries);
  const [past, setPast] = useState<PastRollback | null>(null);
  const [note, setNote] = useState('Reading the logbook…');
  const close = () => view.setState({ report: false });
  useEffect(() => {
    const act = lastRollback(entries);
    const nothing = 'The logbook does not say what was planned.';
    if (act === undefined) return setNote(nothing);
    let isStale = false;
    pastRollback(entries, { act, runAt: store.runAt }).then(
      (found) => {
        if (isStale) return;
        setPast(found);
        if (found === null) setNote(nothing);
      },
      (error: unknown) => !isStale && setNote(sentenceOf(error)),
    );
    return () => {
      isStale = true;
    };
  }, [entries, store]);
  return (
    <Dialog
      open
      shape="sheet"
      onClose={close}
      title="Rollback report"
      description={past === null ? note : whoAndWhy(past)}
      footer={<Button onClick={close}>Back to the job</Button>}
    >
      {past !== null && <Outcome past={past} />}
    </Dialog>
  );
}

function whoAndWhy({ act }: PastRollback): string {
  return `Confirmed by ${act.actor.name} at ${shortTime(act.time, Date.now())}${act.reason === '' ? '' : `: ${act.reason}`}`;
}

function Outcome({ past: { plan, after } }: { readonly past: PastRollback }) {
  const atoms = useMemo(() => new Map(after.atoms.map((atom) => [atom.atom, atom])), [after]);
  const facts = factsOf(after);
  const look = rollbackLook(facts, { done: facts.done, total: facts.total, standing: facts.standing.length });
  return (
    <RollbackOutcome plan={plan} atoms={atoms} report={rollbackReport(after, plan)} ended={facts.state === 'REVERTING' ? null : look} />
  );
}
