// Refuses input before its schema parses it: very deep input would exhaust the stack of a recursive parser, and zod
// would silently drop the member __proto__.
import { REFUSED_NAME, refusedNameSentence } from '@windlass/engine/definition';

/** Deeper than any document that the engine accepts, and far from the depth that exhausts the stack of a parser. */
const DEEPEST = 200;

/** The reason to refuse a value from JSON, in one sentence; null for a value that a schema may parse. */
export function whyRefused(value: unknown): string | null {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > DEEPEST) return 'What was sent is nested too deeply.';
    if (Object.hasOwn(next.value, REFUSED_NAME)) return refusedNameSentence('What was sent');
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth: next.depth + 1 });
  }
  return null;
}
