// The reason that a person gives for a task undone by hand.

/** Entries of older versions have these words before the reason; newer ones have `byHand` and the reason alone. */
const OLD_WORDS = /^(?:undone|settled) by hand: /;

/** The person's reason, from `reason` of an entry or `note` of an atom that has `byHand`. */
export function reasonByHand(reason: string): string {
  return reason.replace(OLD_WORDS, '');
}
