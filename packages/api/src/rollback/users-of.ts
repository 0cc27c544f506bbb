import type { JsonObject } from '@windlass/engine/definition';
import type { JobRow, RollbackPlan } from '@windlass/engine/run';
import type { Services } from '../context.ts';
import { type Use, givenBy, useIn } from './uses.ts';

/** So many of the newest jobs are looked at. */
const AMONG = 200;

/** A later job that used what a rollback would undo. */
export interface JobUse extends Use {
  readonly job: string;
  readonly flowName: string;
  readonly run: JobRow['run'];
}

/** Jobs that were posted after this one with a value that it gave, and whose own work still stands; newest first. */
export async function usersOf(
  { board, logbook }: Pick<Services, 'board' | 'logbook'>,
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

async function inputsOf(logbook: Services['logbook'], job: string): Promise<JsonObject> {
  const [posted] = await logbook.read(job, { after: 0, limit: 1 });
  return posted?.kind === 'JOB' ? (posted.data?.inputs ?? {}) : {};
}
