interface Unread {
  /** Why the run cannot be shown. */
  readonly error: string;
  readonly hasEntries: boolean;
  readonly isDeadLetter: boolean;
}

/** The sentence on the page of a job whose run cannot be shown: what it shows, what it cannot, and why, unless the banner has said why. */
export function unreadWords({ error, hasEntries, isDeadLetter }: Unread): string {
  const shown = hasEntries
    ? 'Only the state and the entries of the logbook can be shown, where each task has its id instead of its name.'
    : 'Only the state can be shown, because the tasks and the logbook cannot be read.';
  const words = `${shown} No plan of a rollback can be made.`;
  // The banner of a dead letter has the reason.
  return isDeadLetter ? `${words} Once the cause is mended, “Try again” carries the job on.` : `${error} ${words}`;
}
