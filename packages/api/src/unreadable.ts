// What is refused of a request before its schema is asked: a parser that recurses would run out of stack on the one, and
// zod would drop the other without a word.
import { REFUSED_NAME, refusedNameSentence } from '@windlass/engine/definition';

/** Deeper than any document that the engine accepts, and far less deep than what makes a parser run out of stack. */
const DEEPEST = 200;

/** Why a value parsed from JSON is refused, in one sentence; null when it may be parsed further. */
export function whyUnreadable(value: unknown): string | null {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > DEEPEST) return 'What was sent is nested too deeply.';
    if (Object.hasOwn(next.value, REFUSED_NAME)) return refusedNameSentence('What was sent');
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth: next.depth + 1 });
  }
  return null;
}
