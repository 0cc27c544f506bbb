// The acts of people on a job. Each act is an entry with actor and reason (L2). It is checked against the state of the run
// before anything happens; a refusal is an answer, not an exception.
import { z } from 'zod';
import type { Json } from '../../json.ts';
import { reasonNeeded, rollbackChoiceSchema } from '../plan/rollback-choice.ts';

const reason = z.string().trim().max(2_000).default('');
const atom = z.string().min(1);
const json: z.ZodType<Json> = z.json();
/** Number of the bulk act that the act is part of. */
const bulk = z.int().min(1).optional();
/** Inputs that a person sets in place of the bound ones, by address and name. */
const parameters = z.record(atom, z.record(z.string(), json)).default({});

/** The differences from what apply left, as the person read them before confirming anyway (B6). */
export const driftSchema = z.array(z.strictObject({ atom, difference: z.string() }));

export const actSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('SUSPEND'), reason, bulk }),
  z.strictObject({ kind: z.literal('RESUME'), reason, bulk }),
  /** Aborts the tasks that run; then reverts everything or holds. */
  z.strictObject({ kind: z.literal('CANCEL'), reason, then: z.enum(['revert', 'hold']), bulk }),
  /** Confirms a plan by its hash (B2). */
  z.strictObject({
    kind: z.literal('ROLL_BACK'),
    reason,
    choice: rollbackChoiceSchema,
    hash: z.string(),
    drift: driftSchema.optional(),
    /** Edited outputs for reverts, by address; only for types that allow editing, and with a reason. */
    outputs: z.record(atom, z.record(z.string(), json)).optional(),
    /**
     * The job and the idempotency key of the task that confirms the plan: the task knows its rollback again, and its job is woken when
     * this one comes to rest.
     */
    confirmedBy: z.strictObject({ job: z.string(), key: z.string() }).optional(),
  }),
  /** Applies again after a rollback (B5), with edited parameters if given. */
  z.strictObject({ kind: z.literal('APPLY_AGAIN'), reason, parameters }),
  /** When held at a failure: undoes the failed tasks, then applies them again, with edited parameters if given (R10). */
  z.strictObject({
    kind: z.literal('RETRY_FAILED'),
    reason,
    parameters,
    bulk,
  }),
  /** When held at a failure: goes on without the task, with outputs given by hand (R10). */
  z.strictObject({ kind: z.literal('SKIP_FAILED'), reason: reasonNeeded, atom, output: z.record(z.string(), json) }),
  /** Calls a failed revert again, with an edited saved output if given (R7). */
  z.strictObject({ kind: z.literal('RETRY_REVERT'), reason, atom, output: json.optional() }),
  z.strictObject({ kind: z.literal('MARK_REVERTED'), reason: reasonNeeded, atom }),
  z.strictObject({ kind: z.literal('KEEP'), reason: reasonNeeded, atom }),
  /** In doubt after a crash: says what really happened (A4). */
  z.strictObject({
    kind: z.literal('SETTLE_DOUBT'),
    reason: reasonNeeded,
    atom,
    answer: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('happened'), output: z.record(z.string(), json).default({}) }),
      z.strictObject({ kind: z.literal('repeat') }),
      z.strictObject({ kind: z.literal('failed') }),
    ]),
  }),
  /** Answers an approval; a rejection needs a reason. */
  z.strictObject({ kind: z.literal('ANSWER_APPROVAL'), reason, atom, approved: z.boolean() }),
  /** Sends a signal; it is kept until a wait for that name takes it. */
  z.strictObject({ kind: z.literal('SIGNAL'), reason, name: z.string().min(1).max(200), data: json.default(null) }),
  /** Carries out a dead-lettered job again (J4); its number of lost conductors becomes 0. */
  z.strictObject({ kind: z.literal('TRY_AGAIN'), reason, bulk }),
]);

/** An act of a person on a job. */
export type Act = z.output<typeof actSchema>;
