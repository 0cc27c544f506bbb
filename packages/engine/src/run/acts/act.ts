// The acts of people on a job. Each is an entry of its own with actor and reason (L2), checked against the
// state of the run before anything happens; a refusal is an answer, not an exception.
import { z } from 'zod';
import type { Json } from '../../json.ts';
import { reasonNeeded, rollbackChoiceSchema } from '../plan/rollback-choice.ts';

const reason = z.string().trim().max(2_000).default('');
const atom = z.string().min(1);
const json: z.ZodType<Json> = z.json();
/** Inputs that a person gives instead of what the flow binds, by address and name. */
const parameters = z.record(atom, z.record(z.string(), json)).default({});

/** What no longer looks as apply left it, as the person read it who confirms all the same (B6). */
export const driftSchema = z.array(z.strictObject({ atom, difference: z.string() }));

export const actSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('SUSPEND'), reason }),
  z.strictObject({ kind: z.literal('RESUME'), reason }),
  /** Aborts what runs; then winds back or holds. */
  z.strictObject({ kind: z.literal('CANCEL'), reason, then: z.enum(['revert', 'hold']) }),
  /** Confirms a plan by its hash (B2). */
  z.strictObject({
    kind: z.literal('ROLL_BACK'),
    reason,
    choice: rollbackChoiceSchema,
    hash: z.string(),
    drift: driftSchema.optional(),
    /** Saved outputs that reverts are to get instead, by address; for types that allow it, and with a reason. */
    outputs: z.record(atom, z.record(z.string(), json)).optional(),
  }),
  /** Forward again after a rollback (B5), perhaps with edited parameters. */
  z.strictObject({ kind: z.literal('APPLY_AGAIN'), reason, parameters }),
  /** Held at a failure: undo what failed, then apply it again, perhaps with edited parameters (R10). */
  z.strictObject({
    kind: z.literal('RETRY_FAILED'),
    reason,
    parameters,
  }),
  /** Held at a failure: go on without it, giving outputs by hand (R10). */
  z.strictObject({ kind: z.literal('SKIP_FAILED'), reason: reasonNeeded, atom, output: z.record(z.string(), json) }),
  /** A failed revert: try again, perhaps with the saved output mended (R7). */
  z.strictObject({ kind: z.literal('RETRY_REVERT'), reason, atom, output: json.optional() }),
  z.strictObject({ kind: z.literal('MARK_REVERTED'), reason: reasonNeeded, atom }),
  z.strictObject({ kind: z.literal('KEEP'), reason: reasonNeeded, atom }),
  /** In doubt after a crash: say what is true in the world (A4). */
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
  /** Of a task that waits for an approval; a rejection needs a reason. */
  z.strictObject({ kind: z.literal('ANSWER_APPROVAL'), reason, atom, approved: z.boolean() }),
  /** A signal from outside; kept until something waits for one of its name. */
  z.strictObject({ kind: z.literal('SIGNAL'), reason, name: z.string().min(1).max(200), data: json.default(null) }),
  /** A job that the board gave up (J4): it is carried out again, and its lost conductors count from 0. */
  z.strictObject({ kind: z.literal('TRY_AGAIN'), reason }),
]);

/** An act of a person on a job. */
export type Act = z.output<typeof actSchema>;
