// Cases without a flow: the requests to a job board, or the acts of a conductor, as a list of labels and answers.
import type { Json } from '@windlass/engine/definition';
import { runBoardLabels } from './board-labels.ts';
import { type Case, type Labelled, NotRunnable } from './case.ts';
import { runConductorCase } from './conductor-case.ts';

/** Runs the case by its area. */
export async function runOperations(one: Case): Promise<string[]> {
  switch (one.area) {
    case 'jobboard':
      return runBoardLabels(chooseRecorded(one));
    case 'conductor':
      return runConductorCase(readLabels(one.expected.ordered_events ?? []));
    case 'worker':
      throw new NotRunnable('tasks are carried out by the process of the conductor; workers of their own come later');
    default:
      throw new NotRunnable(`no flow, and unknown area: ${one.area}`);
  }
}

function readLabels(raw: readonly Json[]): Labelled[] {
  return raw.map((one) => {
    if (!Array.isArray(one) || one.length !== 2 || typeof one[0] !== 'string') throw new NotRunnable('unknown shape of an operation');
    return [one[0], one[1] ?? null];
  });
}

/** Where backends differed, the one that keeps our promise: a claim whose owner is gone ends. An order is our own matter. */
function chooseRecorded({ expected }: Case): Labelled[] {
  if (expected.ordered_events !== undefined) return readLabels(expected.ordered_events);
  const choices = Object.values(expected.ordered_events_by_backend ?? {}).map(readLabels);
  const keeping = choices.find((labels) => labels.every(([label, answer]) => !isAfterEnd(label, 'state') || answer === 'UNCLAIMED'));
  if (keeping === undefined) throw new NotRunnable('no backend was seen to end the claim of an owner that is gone');
  return keeping;
}

/** Does the label speak of a time when the lease of the owner has ended? */
function isAfterEnd(label: string, verb: string): boolean {
  return label.startsWith(verb) && /\bafter\b.*\b(expiry|ended|expired)\b/.test(label);
}
