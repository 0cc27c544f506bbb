import { placedItems, type FlowDefinition } from '@windlass/engine/definition';
import { EngineError, type JobBoard, type JobPage } from '@windlass/engine/ports';
import { troublesOf, type RunSnapshot } from '@windlass/engine/run';
import { z } from 'zod';
import { jobId, jobRow, listCursor } from '../jobs/shapes.ts';
import { json, jsonObject } from '../wire.ts';
import { procedure } from '../trpc.ts';

const PAGE = 20;

const item = z.object({
  kind: z.enum(['revertFailed', 'doubt', 'held', 'failed', 'cancelled', 'approval']),
  /** Null where it is about the job as a whole. */
  atom: z.string().nullable(),
  name: z.string(),
  /** What is known. */
  cause: z.string(),
  /** What was saved for the revert that failed. */
  output: json.nullable(),
  /** What the task was given that is held as failed. */
  input: jsonObject.nullable(),
});

/** Jobs that need a person, newest first, or the one that is named if it does; each with what is to be settled and what is known of it. */
export const list = procedure
  .input(z.object({ cursor: listCursor.optional(), job: jobId.optional() }).default({}))
  .output(z.object({ rows: z.array(z.object({ job: jobRow, items: z.array(item) })), next: z.string().nullable() }))
  .query(async ({ ctx, input: { cursor, job: only } }) => {
    const page =
      only === undefined
        ? await ctx.board.list({ attention: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
        : await pageOf(ctx.board, only);
    const rows = await Promise.all(
      page.rows.map(async (job) => {
        // A logbook that cannot be read is itself what needs a person.
        const [snapshot, definition] = await Promise.all([
          ctx.operator.snapshot(job.id).catch(() => null),
          ctx.flows.getVersion(job.flow, job.version).catch(() => null),
        ]);
        return { job, items: snapshot === null ? [] : itemsOf(snapshot, definition) };
      }),
    );
    return { rows, next: page.next };
  });

/** That job, if it waits for a person. */
async function pageOf(board: JobBoard, job: string): Promise<JobPage> {
  const row = await board.get(job);
  if (row === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${job}.`);
  return { rows: row.attention === null ? [] : [row], next: null };
}

function itemsOf(snapshot: RunSnapshot, definition: FlowDefinition | null): z.output<typeof item>[] {
  const names = new Map(definition === null ? [] : placedItems(definition).map((placed) => [placed.item.id, placed.item.name]));
  // `hosts[3].install`: the item is the last part.
  const nameOf = (address: string) => names.get(address.split('.').at(-1) ?? '') ?? names.get(address.split('.')[0] ?? '') ?? address;
  const atoms = new Map(snapshot.atoms.map((atom) => [atom.atom, atom]));
  const troubles = troublesOf(snapshot, snapshot.atoms)
    // What merely failed and was wound back needs nobody.
    .filter(({ kind }) => kind !== 'failed')
    .map((trouble) => {
      const atom = 'atom' in trouble ? trouble.atom : null;
      const output = trouble.kind === 'revertFailed' ? (atoms.get(trouble.atom)?.output ?? null) : null;
      const input = trouble.kind === 'held' ? (atoms.get(trouble.atom)?.input ?? null) : null;
      return { kind: trouble.kind, atom, name: atom === null ? '' : nameOf(atom), cause: trouble.cause, output, input };
    });
  const approvals = snapshot.atoms.flatMap((atom) =>
    atom.waiting?.on === 'approval'
      ? [{ kind: 'approval' as const, atom: atom.atom, name: nameOf(atom.atom), cause: atom.waiting.question, output: null, input: null }]
      : [],
  );
  return [...troubles, ...approvals];
}
