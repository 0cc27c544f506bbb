// Faults planted in plans, acts, loops and gates. Each `from` stands once in its file.
import { RUN, slow, tests } from './core-tests.mjs';

const mutants = [
  {
    name: 'plan: its hash does not name its basis',
    file: `${RUN}/plan/plan-rollback.ts`,
    from: `JSON.stringify([run.basis, choice,`,
    to: `JSON.stringify([choice,`,
  },
  {
    name: 'plan: a claim changes its basis',
    file: `${RUN}/state/fold/fold.ts`,
    from: `  if (entry.kind !== 'JOB') run.basis = entry.number;`,
    to: `  run.basis = entry.number;`,
  },
  {
    name: 'plan: its hash is not looked at',
    file: `${RUN}/acts/refuse.ts`,
    from: `  if (plan.hash === act.hash) {`,
    to: `  if (plan.hash !== '') {`,
  },
  {
    name: 'plan: what depends on what was chosen is not in it',
    file: `${RUN}/plan/plan-rollback.ts`,
    from: `      if (atom !== null && isUndoable(atomAt(run, atom))) scope.add(atom);`,
    to: ``,
  },
  {
    name: 'plan: waves go forward',
    file: `${RUN}/plan/plan-rollback.ts`,
    from: `      level[before] = Math.max(level[before] ?? 0, own + (planned === null ? 0 : 1));`,
    to: `      level[before] = Math.max(level[before] ?? 0, own);`,
  },
  {
    name: 'plan: an unknown address in leaveOut is ignored',
    file: `${RUN}/plan/plan-rollback.ts`,
    from: `    const named = [...choice.atoms, ...choice.leaveOut.map(({ atom }) => atom)];`,
    to: `    const named = choice.atoms;`,
  },
  {
    name: 'plan: what stands in a container that is never undone is undone',
    file: `${RUN}/plan/undo-action.ts`,
    from: `  if (never != null) return { action: 'keep', because: never };\n`,
    to: '',
  },
  {
    name: 'plan: what is undone as a whole is undone one by one besides',
    file: `${RUN}/plan/undo-action.ts`,
    from: `(isCovering(whole) && includes(undo))`,
    to: `false`,
  },
  {
    name: 'plan: stages are released although one destroy takes them all',
    file: `${RUN}/plan/undo-action.ts`,
    from: `  if (place === undefined) return null;\n`,
    to: `  return null;\n`,
  },
  {
    name: 'acts: a revert that a plan leaves out goes on sleeping',
    file: `${RUN}/acts/perform-act.ts`,
    from: `    mark(turn, atomOf(run, address), { mark: 'KEPT', data: { reason } });\n  }\n  for`,
    to: `    void reason;\n  }\n  for`,
  },
  {
    name: 'acts: apply again leaves failed attempts that stand',
    file: `${RUN}/acts/perform-act.ts`,
    from: `        withStages(run, (atom) => hasFailed(atom) || isStuck(atom)),`,
    to: `        [],`,
  },
  {
    name: 'acts: a skipped task is begun anew by apply again',
    file: `${RUN}/decide/again.ts`,
    from: `      return failure === null;\n    case 'PENDING':`,
    to: `      return true;\n    case 'PENDING':`,
  },
  {
    name: 'acts: anybody may answer an approval',
    file: `${RUN}/acts/refuse.ts`,
    from: `  if (waiting.by.length > 0 && by !== undefined`,
    to: `  if (waiting.by.length > 99 && by !== undefined`,
  },
  {
    name: 'loops: a round that the present pass has not reached goes forward',
    file: `${RUN}/state/expand.ts`,
    from: `      drop(run.flow, container, later);\n`,
    to: '',
  },
  {
    name: 'loops: an iteration that the list no longer has goes forward',
    file: `${RUN}/state/expand.ts`,
    from: `  for (const slot of slotsFrom(container, 0)) drop(flow, container, slot);\n`,
    to: '',
  },
  {
    name: 'loops: iterations of a list are not undone last first',
    file: `${RUN}/state/expand.ts`,
    from: `    nodeAt(flow, exit).undoAfter = iterations[at + 1]?.enter ?? null;`,
    to: `    nodeAt(flow, exit).undoAfter = iterations[at - 1]?.enter ?? null;`,
  },
  {
    name: 'loops: iterations that the list no longer has are undone last',
    file: `${RUN}/state/expand.ts`,
    from: `  const inOrder = [...slots, ...[...slotsFrom(container, 0)].filter((slot) => isDropped(flow, iterationAt(flow, container, slot)))];`,
    to: `  const inOrder = [...[...slotsFrom(container, 0)].filter((slot) => isDropped(flow, iterationAt(flow, container, slot))), ...slots];`,
  },
  {
    name: 'loops: an element does not keep its slot',
    file: `${RUN}/state/expand.ts`,
    from: `  const slots = given.slots?.map((slot) => slotOf(slot)) ?? elements.map((_, place) => slotOf(place));`,
    to: `  const slots = elements.map((_, place) => slotOf(place));`,
  },
  {
    name: 'gates: one that a person skipped past is decided anew',
    file: `${RUN}/decide/controls/gate.ts`,
    from: `  if (guarded !== undefined && isDecided(guarded)) {`,
    to: `  if (guarded !== undefined && guarded === null) {`,
  },
];

export const plans = mutants.map((mutant) => ({ tests, slow, ...mutant }));
