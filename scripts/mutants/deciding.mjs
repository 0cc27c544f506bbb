// Faults planted in what is heard, in takeovers, in retries and in cancelling. Each `from` stands once in its file.
import { RUN, slow, tests } from './core-tests.mjs';

const mutants = [
  {
    name: 'late: the answer of an earlier apply attempt is taken',
    file: `${RUN}/decide.ts`,
    from: `  if (atom.attempt !== event.attempt) return;\n  if (atom.state === 'FAILURE'`,
    to: `  if (atom.state === 'FAILURE'`,
  },
  {
    name: 'late: the answer of a revert of an earlier attempt is taken',
    file: `${RUN}/decide.ts`,
    from: `  if (atom.attempt !== event.attempt) return;\n  const isAsleep`,
    to: `  const isAsleep`,
  },
  {
    name: 'late: the answer of an earlier revert attempt is taken',
    file: `${RUN}/decide.ts`,
    from: ` || atom.revertAttempt !== event.revertAttempt) return;`,
    to: `) return;`,
  },
  {
    name: 'late: an apply that answers after its time limit is not noticed to have ended',
    file: `${RUN}/decide.ts`,
    from: `  if (atom.state === 'FAILURE' && atom.stopping > 0) hearLateApply`,
    to: `  if (atom.state === 'FAILURE' && atom.stopping < 0) hearLateApply`,
  },
  {
    name: 'acts: an act that claims a job is judged before what is due',
    file: `${RUN}/decide.ts`,
    from: `    else serveAll(turn, limits);\n    takeUpWaits(turn);\n`,
    to: '',
  },
  {
    name: 'acts: an act that is refused is carried out',
    file: `${RUN}/decide.ts`,
    from: `  if (refusal === null) turn.as(by`,
    to: `  if (refusal !== undefined) turn.as(by`,
  },
  {
    name: 'crash: a probe that cannot tell leaves no doubt',
    file: `${RUN}/decide.ts`,
    from: `      else if (event.answer.happened === 'unknown') putInDoubt(turn, atom, { reason: event.answer.because });\n`,
    to: '',
  },
  {
    name: 'crash: no probe is asked',
    file: `${RUN}/decide/resume.ts`,
    from: `    if (type?.hasProbe) probeAtom(turn, index, 'probe');\n    else if`,
    to: `    if`,
  },
  {
    name: 'crash: an apply that may not be repeated is repeated',
    file: `${RUN}/decide/resume.ts`,
    from: `    else if (!mayRepeat('repeatable', type, atom)) putInDoubt(turn, atom, unrepeatable('applied'));\n`,
    to: '',
  },
  {
    name: 'crash: a revert that may not be repeated is repeated',
    file: `${RUN}/decide/resume.ts`,
    from: `    else if (mayRepeat('revertRepeatable', type, atom)) revertAgain(turn, index);`,
    to: `    else if (mayRepeat('revertRepeatable', null, atom)) revertAgain(turn, index);`,
  },
  {
    name: 'crash: what is in doubt is called at the next claim',
    file: `${RUN}/decide/resume.ts`,
    from: `  if (atom.inDoubt !== null && atom.stopping === 0) return;\n`,
    to: '',
  },
  {
    name: 'crash: a call that had passed its time limit is not known to have ended with its process',
    file: `${RUN}/decide/resume.ts`,
    from: `    turn.record({ kind: 'MARK', atom: atom.atom, attempt: atom.attempt, mark: 'ENDED' });\n`,
    to: '',
  },
  {
    name: 'crash: a call that was ending counts as ended although its process may live',
    file: `${RUN}/decide/resume.ts`,
    from: `  const isOver = former.isDead && `,
    to: `  const isOver = true || `,
  },
  {
    name: 'crash: a call that a conductor before the former one had made counts as ended with the former one',
    file: `${RUN}/decide/resume.ts`,
    from: ` && atom.calledAt >= former.claimedAt;`,
    to: `;`,
  },
  {
    name: 'late: a revert that was done after its time limit is called again',
    file: `${RUN}/decide/late-answers.ts`,
    from: `      turn.move(atom, 'REVERTED', {\n        reason: 'its revert was done`,
    to: `      if (turn.run === null) turn.move(atom, 'REVERTED', {\n        reason: 'its revert was done`,
  },
  {
    name: 'late: the answer of any revert attempt is taken for the one that is ending',
    file: `${RUN}/decide/late-answers.ts`,
    from: `  if (event.revertAttempt !== revertAttemptOf(atom)) return;\n`,
    to: '',
  },
  {
    name: 'parallel: reverts that are due begin beyond the limit',
    file: `${RUN}/decide/serve-agenda.ts`,
    from: `hasRoom(turn.run, limits) ? EVERYTHING : NO_REVERTS`,
    to: `hasRoom(turn.run, limits) ? EVERYTHING : EVERYTHING`,
  },
  {
    name: 'crash: a repeated call may say that nothing was done',
    file: `${RUN}/decide.ts`,
    from: `  if (!repeated || failure.nothingDone === undefined) return failure;`,
    to: `  return failure;`,
  },
  {
    name: 'parallel: more atoms run at once than may',
    file: `${RUN}/decide/advance.ts`,
    from: `  while (hasRoom(run, limits) && run.failed.size === 0 && !turn.isFull) {`,
    to: `  while (run.failed.size === 0 && !turn.isFull) {`,
  },
  {
    name: 'parallel: atoms begin beside a failure that nobody has dealt with',
    file: `${RUN}/decide/advance.ts`,
    from: `  while (hasRoom(run, limits) && run.failed.size === 0 && !turn.isFull) {`,
    to: `  while (hasRoom(run, limits) && !turn.isFull) {`,
  },
  {
    name: 'parallel: a container lets in one child too many',
    file: `${RUN}/state/readiness.ts`,
    from: `  if (count < around.limit) {\n    inside`,
    to: `  if (count <= around.limit) {\n    inside`,
  },
  {
    name: 'order: lower priority first',
    file: `${RUN}/state/run.ts`,
    from: `more === 0 ? precedes(left, right) : more > 0;`,
    to: `more === 0 ? precedes(left, right) : more < 0;`,
  },
  {
    name: 'order: a retry is asked anew for each atom that fails in one attempt',
    file: `${RUN}/decide/controls/retry.ts`,
    from: `  if (said !== undefined && (said !== 'RETRY' || isUndoing(run, index))) return said;\n`,
    to: '',
  },
  {
    name: 'retry: asked again about a failure that it declined',
    file: `${RUN}/decide/resolve-failure.ts`,
    from: ` || run.declined.get(index)?.has(retry)) return 'REVERT';`,
    to: `) return 'REVERT';`,
    survives:
      'The word REVERT of a retry stands for its whole attempt (saidOf), so the question that this line spares has the same answer and no entry.',
  },
  {
    name: 'retry: REVERT_ALL is lost to a retry further out',
    file: `${RUN}/decide/resolve-failure.ts`,
    from: `    if (decision === 'REVERT_ALL') return false;\n`,
    to: '',
  },
  {
    name: 'retry: one that fails itself decides on its own container',
    file: `${RUN}/decide/resolve-failure.ts`,
    from: `retry === null || atomAt(run, retry).state !== 'SUCCESS' || run`,
    to: `retry === null || run`,
  },
  {
    name: 'retry: attempts begin after its time limit',
    file: `${RUN}/decide/controls/retry.ts`,
    from: `  return time > since + timeLimitMs`,
    to: `  return time < since + timeLimitMs`,
  },
  {
    name: 'retry: codes that are not to be retried are',
    file: `${RUN}/decide/controls/retry.ts`,
    from: `&& !(exceptCodes?.includes(code) ?? false);`,
    to: `;`,
  },
  {
    name: 'retry: begins its container again without a delay',
    file: `${RUN}/decide/controls/retry.ts`,
    from: `  const notBefore = delay > 0 ? turn.time + delay : 0;`,
    to: `  const notBefore = 0;`,
  },
  {
    name: 'cancel: a cancelled run is held before what runs has ended',
    file: `${RUN}/decide/resolve-failure.ts`,
    from: `to: run.busy === 0 ? 'FAILURE' : 'SUSPENDING', data });`,
    to: `to: 'FAILURE', data });`,
  },
  {
    name: 'cancel: what runs is not told to stop at the deadline',
    file: `${RUN}/decide/resolve-failure.ts`,
    from: `  for (const index of applyingAtoms(run)) stopCall(turn, index);\n  if (then === 'revert')`,
    to: `  if (then === 'revert')`,
  },
  {
    name: 'cancel: Cancel (hold) while pausing is dropped',
    file: `${RUN}/decide/advance.ts`,
    from: `wentForward && (run.cancel?.then === 'hold' || run.forward?.kind === 'overdue');`,
    to: `wentForward && run.forward?.kind === 'overdue';`,
  },
];

export const deciding = mutants.map((mutant) => ({ tests, slow, ...mutant }));
