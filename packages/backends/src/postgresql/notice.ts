// The messages between processes, and their form in a notice of PostgreSQL.

/** PostgreSQL takes 8,000 bytes in a notice; an item is below 60, and there are two of each. */
const MOST_ITEMS = 65;

export interface Notice {
  /** A job may be ready to be claimed. */
  readonly posted: boolean;
  /** Jobs whose row changed. */
  readonly changed: readonly string[];
  /** Records written: job, number of the first and of the last entry. */
  readonly written: readonly (readonly [job: string, first: number, last: number])[];
}

/** Writes the message in as few texts as fit; none for an empty message. */
export function textsOf({ posted, changed, written }: Notice, from: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < Math.max(changed.length, written.length, posted ? 1 : 0); at += MOST_ITEMS) {
    const part: Notice = {
      posted: posted && at === 0,
      changed: changed.slice(at, at + MOST_ITEMS),
      written: written.slice(at, at + MOST_ITEMS),
    };
    texts.push(JSON.stringify({ from, ...part }));
  }
  return texts;
}

/** Any program that may connect can send notices, so unknown notices are ignored. */
export function noticeOf(text: string): (Notice & { readonly from: string }) | null {
  let message: Partial<{ readonly [field in keyof Notice | 'from']: unknown }>;
  try {
    message = Object(JSON.parse(text)) as typeof message;
  } catch {
    return null;
  }
  const { from, posted, changed, written } = message;
  if (typeof from !== 'string' || !Array.isArray(changed) || !Array.isArray(written)) return null;
  return {
    from,
    posted: posted === true,
    changed: changed.map(String),
    written: written.filter(Array.isArray).map(([job, first, last]) => [String(job), Number(first), Number(last)] as const),
  };
}
