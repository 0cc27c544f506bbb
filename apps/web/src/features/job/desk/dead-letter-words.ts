// The acts that are open for a dead letter, in words: the desk promises only what the page of the job can show.
import type { Outputs } from '@windlass/api';

type DeadLetter = Pick<NonNullable<Outputs['attention']['list']['rows'][number]['deadLetter']>, 'readable' | 'mayRollBack'>;

/** The content of the page of a job; `deadLetter` is null for a job that was not given up. */
export function openWords(deadLetter: DeadLetter | null): string {
  const { readable, mayRollBack } = deadLetter ?? { readable: 'run', mayRollBack: true };
  switch (readable) {
    case 'run':
      if (!mayRollBack) return 'See what ran, or read the logbook. It cannot be rolled back as it is.';
      return 'See what ran, roll back by a plan, or read the logbook.';
    case 'entries':
      return 'See its state and its logbook. A flow version that it needs is absent, so no plan can be made.';
    case 'row':
      return 'See its state. Its logbook cannot be read, so nothing else can be shown and no plan can be made.';
  }
}

/** The effect of *Try again* now. */
export function tryAgainWords(deadLetter: DeadLetter | null): string {
  switch (deadLetter?.readable ?? 'run') {
    case 'run':
      return 'The job is carried out again at once, from the end of its logbook.';
    case 'entries':
      return 'Once that flow version is there again, the job is carried out at once, from the end of its logbook.';
    case 'row':
      return 'Once its logbook can be read again, the job is carried out at once, from the end of the logbook.';
  }
}
