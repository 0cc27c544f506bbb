// Faults planted in the order of undoing, in what is kept and in what a revert is given. Each `from` stands once in its file.
import { RUN, slow, tests } from './core-tests.mjs';

const mutants = [
  {
    name: 'undo: iterations that ran together are not undone last first',
    file: `${RUN}/state/undo-order.ts`,
    from: `    undo.waitingFor[index] = node.after.length + (node.undoAfter === null ? 0 : 1);`,
    to: `    undo.waitingFor[index] = node.after.length;`,
  },
  {
    name: 'undo: a skipped task that was applied is not undone',
    file: `${RUN}/state/undo-order.ts`,
    from: `      return atom.applied;\n    case 'PENDING':`,
    to: `      return false;\n    case 'PENDING':`,
  },
  {
    name: 'undo: a retry undoes what stands before its container',
    file: `${RUN}/state/undo-order.ts`,
    from: `(left.kind === 'ENTER' && undo.scopes.has(left.boundaryOf))`,
    to: 'false',
    survives:
      'Nothing before the container is open, so only counters outside the scope move, and the next rollback counts them anew. The line spares the walk.',
  },
  {
    name: 'undo: a rollback of the run does not take a retry over',
    file: `${RUN}/state/undo-order.ts`,
    from: `if (isWithin(flow, known, key)) undo.scopes.delete(known);`,
    to: '{}',
  },
  {
    name: 'undo: an effect that was kept is undone all the same',
    file: `${RUN}/state/undo-order.ts`,
    from: `(atom.kept === null || atom.state === 'REVERTING')`,
    to: 'true',
  },
  {
    name: 'undo: a failed task that is to be undone is not taken up when its call ends',
    file: `${RUN}/state/fold/fold.ts`,
    from: `      run.failed.add(index);\n      joinUndo(run, index);`,
    to: `      run.failed.add(index);`,
  },
  {
    name: 'undo: a task that ends while its run is rolled back is not undone',
    file: `${RUN}/state/fold/fold.ts`,
    from: `      finishAtom(run, index);\n      joinUndo(run, index);`,
    to: `      finishAtom(run, index);`,
  },
  {
    name: 'undo: a call that posts a job while its run is rolled back is not undone',
    file: `${RUN}/state/fold/fold.ts`,
    from: `      // The call that posted the job was one that a rollback waits for.\n      joinUndo(run, index);\n`,
    to: '',
  },
  {
    name: 'undo: the scope of a retry outlives its container',
    file: `${RUN}/state/fold/fold.ts`,
    from: `  if (container !== null) endUndo(run, container);\n`,
    to: '',
  },
  {
    name: 'undo: a call that is ending counts as ended',
    file: `${RUN}/state/tally.ts`,
    from: `(state === 'REVERTING' && notBefore === 0) || stopping > 0 || inDoubt !== null`,
    to: `(state === 'REVERTING' && notBefore === 0) || inDoubt !== null`,
  },
  {
    name: 'undo: a revert that a plan left out still sleeps',
    tests: [`${RUN}/acts-beside-waits.test.ts`],
    file: `${RUN}/state/tally.ts`,
    from: `state === 'REVERTING' && notBefore > 0 && revertAttempt > 0`,
    to: `state === 'REVERTING' && notBefore > 0`,
  },
  {
    name: 'undo: two calls of one atom at once',
    file: `${RUN}/state/undo-order.ts`,
    from: `mayBeUndone(atomAt(run, index)) && scopeOf(run, index) !== undefined`,
    to: `scopeOf(run, index) !== undefined`,
  },
  {
    name: 'undo: a container begins again while a call inside it is under way',
    file: `${RUN}/decide/advance.ts`,
    from: `  if (run.busy === 0) return false;\n  return run.atoms.some(`,
    to: `  if (run.busy >= 0) return false;\n  return run.atoms.some(`,
    survives:
      'An atom is not settled while a call of it is under way: reverts wait for its end, and acts on it are refused. So the scope is still open, and the line is a second guard.',
  },
  {
    name: 'undo: a run of which something stands is called REVERTED',
    file: `${RUN}/decide/advance.ts`,
    from: `  const to = standing.length === 0 ? 'REVERTED' : 'PARTIALLY_REVERTED';`,
    to: `  const to = 'REVERTED';`,
  },
  {
    name: 'undo: kept effects of earlier attempts are forgotten at the end',
    file: `${RUN}/plan/standing-effects.ts`,
    from: `  return [...standing, ...run.keptBefore];`,
    to: `  return standing;`,
  },
  {
    name: 'undo: kept effects of earlier attempts are not remembered',
    file: `${RUN}/state/fold/reset-atoms.ts`,
    from: `if (atom.kept !== null && atom.applied) {`,
    to: `if (false) {`,
  },
  {
    name: 'undo: what has no effect is listed as left',
    file: `${RUN}/plan/standing-effects.ts`,
    from: `!mayHaveEffect(atom) || !hasEffect(run, index)`,
    to: `!mayHaveEffect(atom)`,
  },
  {
    name: 'undo: what was kept in an earlier pass is not undone in a later one',
    file: `${RUN}/state/fold/fold-caught.ts`,
    from: `    if (atom.kept !== null && !isInsideCatch(run, index)) atom.kept = null;\n`,
    to: '',
  },
  {
    name: 'undo: reverts that sleep go on with their attempts under a new plan',
    file: `${RUN}/state/fold/fold.ts`,
    from: `        if (data.rollback.plan !== undefined) restReverts(run);\n`,
    to: '',
  },
  {
    name: 'undo: a revert is given the output of an apply that failed',
    file: `${RUN}/decide/calls.ts`,
    from: `  const hasOutput = isUndo && atom.failure === null;`,
    to: `  const hasOutput = isUndo;`,
  },
  {
    name: 'undo: a revert is not given the failure of its apply',
    file: `${RUN}/decide/calls.ts`,
    from: `    failure: isUndo ? atom.failure : null,`,
    to: `    failure: null,`,
  },
  {
    name: 'undo: a revert has one attempt too many',
    file: `${RUN}/decide/revert.ts`,
    from: `if (atom.revertAttempt >= policy.attempts)`,
    to: `if (atom.revertAttempt > policy.attempts)`,
  },
  {
    name: 'undo: the back-off of a revert does not grow',
    file: `${RUN}/decide/revert.ts`,
    from: ` * 2 ** (atom.revertAttempt - 1)`,
    to: '',
  },
];

export const undoing = mutants.map((mutant) => ({ tests, slow, ...mutant }));
