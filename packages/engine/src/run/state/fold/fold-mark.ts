// Marks on an atom: facts beside its state.
import { personOf } from '../../../actor.ts';
import type { MarkEntry } from '../../../logbook/entry.ts';
import { noteTime } from '../agenda.ts';
import { keepAttempt, setOutput } from '../values/atom-values.ts';
import { foldTaken } from './fold-caught.ts';
import { type Run, atomAt, indexOf, knownIndexOf } from '../run.ts';
import { recount } from '../tally.ts';
import { beginUndo, joinUndo, settleAtom } from '../undo-order.ts';
import { type AtomIndex, lookUp } from '../../graph/index-spaces.ts';

export function foldMark(run: Run, entry: MarkEntry): void {
  const index = knownIndexOf(run, entry.atom);
  const atom = atomAt(run, index);
  switch (entry.mark) {
    case 'KEPT':
      recount(run, atom, () => {
        atom.kept = entry.data?.reason ?? 'kept';
        atom.settledBy = personOf(entry);
      });
      settleAtom(run, index);
      break;
    case 'IN_DOUBT':
      recount(run, atom, () => {
        atom.inDoubt = entry.data?.reason ?? 'its outcome is not known';
        // Without a call in this process, no call can end any more.
        if (entry.data?.live !== true) atom.stopping = 0;
      });
      break;
    case 'STOPPING':
      recount(run, atom, () => {
        atom.stopping = entry.time;
      });
      noteTime(run, index);
      break;
    case 'DOUBT_SETTLED':
    case 'ENDED':
      recount(run, atom, () => {
        atom.inDoubt = null;
        atom.stopping = 0;
      });
      joinUndo(run, index);
      noteTime(run, index);
      break;
    case 'OUTPUT_EDITED':
      setOutput(run, atom, entry);
      break;
    case 'ASKED':
      if (run.flow.atoms[index]?.kind === 'catch') decline(run, { failed: entry.data?.atom ?? '', retry: index });
      else foldAsked(run, index, entry);
      break;
    case 'CAUGHT':
      foldTaken(run, index, entry);
      break;
  }
}

/** A retry has decided: the failure is added to its history, and a RETRY begins to undo its container. */
function foldAsked(run: Run, index: AtomIndex, entry: MarkEntry): void {
  const retry = atomAt(run, index);
  const { decision, atom: failed = '', value } = entry.data ?? {};
  const failure = lookUp(run.atoms, indexOf(run, failed))?.failure;
  const own = typeof retry.output === 'object' && retry.output !== null && !Array.isArray(retry.output) ? retry.output['value'] : null;
  keepAttempt(run, retry, {
    value: own ?? null,
    attempt: retry.attempt,
    decision: decision ?? 'REVERT',
    startedAt: retry.startedAt,
    failures: [{ atom: failed, code: failure?.code ?? '', message: failure?.message ?? '' }],
    ...(value === undefined ? {} : { next: value }),
  });
  const container = run.flow.atoms[index]?.container;
  if (decision !== 'RETRY') decline(run, { failed, retry: decision === 'REVERT_ALL' ? 'all' : index });
  else if (container != null) beginUndo(run, container, 'all');
}

function decline(run: Run, { failed, retry }: { failed: string; retry: AtomIndex | 'all' }): void {
  const index = indexOf(run, failed);
  if (index === undefined) return;
  const known = run.declined.get(index);
  if (known === undefined) run.declined.set(index, new Set([retry]));
  else known.add(retry);
}
