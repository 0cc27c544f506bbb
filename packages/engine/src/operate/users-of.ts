// Later jobs that used outputs that a rollback would undo.
import type { JobBoard } from '../board/job-board.ts';
import type { JobRow } from '../board/job.ts';
import type { JsonObject } from '../json.ts';
import type { LogbookStore } from '../logbook/logbook-store.ts';
import type { RollbackPlan } from '../run/plan/rollback-plan.ts';
import { type Use, givenBy, useIn } from './uses.ts';

/** Number of newest jobs that are searched. */
const AMONG = 200;

/** A later job that used an output that a rollback would undo. */
export interface JobUse extends Use {
  readonly job: string;
  readonly flowName: string;
  readonly run: JobRow['run'];
}

/** Jobs that were posted after this one with a value of its outputs, and whose own effects still stand; newest first. */
export async function usersOf(
  { board, logbook }: { readonly board: Pick<JobBoard, 'get' | 'list'>; readonly logbook: Pick<LogbookStore, 'read'> },
  { job, plan }: { readonly job: string; readonly plan: RollbackPlan },
): Promise<JobUse[]> {
  const row = await board.get(job);
  const given = givenBy(plan, await inputsOf(logbook, job));
  if (given.size === 0 || row === undefined) return [];
  const { rows } = await board.list({ limit: AMONG });
  const later = rows.filter(({ id, postedAt, run }) => id !== job && postedAt >= row.postedAt && run !== 'REVERTED' && run !== 'PENDING');
  const uses = await Promise.all(
    later.map(async ({ id, flowName, run }) => {
      const use = useIn(await inputsOf(logbook, id), given);
      return use === null ? [] : [{ ...use, job: id, flowName, run }];
    }),
  );
  return uses.flat();
}

async function inputsOf(logbook: Pick<LogbookStore, 'read'>, job: string): Promise<JsonObject> {
  const [posted] = await logbook.read(job, { after: 0, limit: 1 });
  return posted?.kind === 'JOB' ? (posted.data?.inputs ?? {}) : {};
}
