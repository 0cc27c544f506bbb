// `text.matches(pattern)` in time linear in the text. CEL requires RE2 syntax; JavaScript's own regular expressions take
// hours for "(a+)+$" over 40 letters.
import { RE2JS } from 're2js';
import { CelError } from './value.ts';

/** Compiled patterns are cached: an expression uses few of them, in every round of a macro, and compiling costs more than matching. */
const MOST_COMPILED = 100;
const compiled = new Map<string, RE2JS>();

/** Does the pattern match anywhere in the text? Throws a CelError with one sentence when the pattern is not RE2. */
export function linearMatches(text: string, pattern: string): boolean {
  return patternOf(pattern).matcher(text).find();
}

function patternOf(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  let made: RE2JS;
  try {
    made = RE2JS.compile(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CelError(`"${pattern}" is not a valid pattern: ${why}.`, { cause });
  }
  compiled.set(pattern, made);
  return made;
}
