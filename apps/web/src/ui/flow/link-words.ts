// The label of a link on a canvas and for screen readers.
import type { FlowLink } from '@windlass/engine/definition';

const MOST = 28;
/** Shorter, because the label also has another text. */
const MOST_WITH_LIMIT = 20;

/** A condition on a label: its white space as one space, cut at the end. */
export function shortCondition(cel: string, most = MOST): string {
  const line = cel.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** The label on the line; null for a plain link. P11: a link on failure says so. */
export function linkLabel({ decider, again, onFailure }: Pick<FlowLink, 'decider' | 'again' | 'onFailure'>): string | null {
  if (onFailure) return decider === undefined ? 'on failure' : `on failure: ${shortCondition(decider, MOST_WITH_LIMIT)}`;
  if (again !== undefined)
    return `↺ ${decider === undefined ? '' : `${shortCondition(decider, MOST_WITH_LIMIT)} · `}≤ ${again.limit} rounds`;
  return decider === undefined ? null : shortCondition(decider);
}

/** The whole link in words. */
export function linkSentence({ decider, again, depth, onFailure }: FlowLink, { from, to }: { from: string; to: string }): string {
  const ways = onFailure
    ? `On failure of ${from}, to ${to}`
    : again === undefined
      ? `Link from ${from} to ${to}`
      : `Goes back from ${from} to ${to}, at most ${again.limit} rounds`;
  return `${ways}${decider === undefined ? '' : `, if ${decider}`}${depth === undefined || depth === 'all' ? '' : `, depth ${depth}`}`;
}
