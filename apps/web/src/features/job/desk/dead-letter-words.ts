// What a person can do with a dead letter, in words: the desk promises only what the page of the job can keep.

/** Of a dead letter: what of it can be read, and whether it can be rolled back by a plan. */
export interface DeadLetter {
  readonly readable: 'run' | 'entries' | 'row';
  readonly mayRollBack: boolean;
}

/** What the page of a job shows; null for a job that is no dead letter. */
export function openWords(deadLetter: DeadLetter | null): string {
  switch (deadLetter?.readable) {
    case 'entries':
      return 'See its state and its logbook. A flow version that it needs is absent, so no plan can be made.';
    case 'row':
      return 'See its state. Its logbook cannot be read, so nothing else can be shown and no plan can be made.';
    case 'run':
      if (!deadLetter.mayRollBack) return 'See what ran, or read the logbook. It cannot be rolled back as it is.';
      return 'See what ran, roll back by a plan, or read the logbook.';
    case undefined:
      return 'See what ran, roll back by a plan, or read the logbook.';
  }
}

/** What *Try again* does now. */
export function tryAgainWords(deadLetter: DeadLetter | null): string {
  switch (deadLetter?.readable) {
    case 'entries':
      return 'Once that flow version is there again, the job is carried out at once, from the end of its logbook.';
    case 'row':
      return 'Once its logbook can be read again, the job is carried out at once, from its end.';
    default:
      return 'The job is carried out again at once, from the end of its logbook.';
  }
}
