// The atoms that a person chooses to roll back (B1).
import { z } from 'zod';

/** A reason that must not be empty. */
export const reasonNeeded = z.string().trim().min(1, 'Say why: a reason is needed.').max(2_000);
const atom = z.string().min(1);

/** The range of a rollback (B1). `toEntry` undoes every atom that was started after that entry. */
export const rollbackChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('job') }),
  z.strictObject({ kind: z.literal('toEntry'), number: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('atoms'),
    atoms: z.array(atom).min(1),
    /** Dependants that are kept, each with a reason. */
    leaveOut: z.array(z.strictObject({ atom, reason: reasonNeeded })).default([]),
  }),
]);
export type RollbackChoice = z.output<typeof rollbackChoiceSchema>;
