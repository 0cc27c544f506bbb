// `text.matches(pattern)` in time that grows with the text alone. CEL asks for RE2; JavaScript's own expressions take hours
// for "(a+)+$" over 40 letters.
import { RE2JS } from 're2js';
import { CelError } from './cel/value.ts';

/** Patterns are few and come again with each round of a macro; compiling takes longer than matching. */
const MOST_COMPILED = 100;
const compiled = new Map<string, RE2JS>();

/** Is there a match anywhere in the text? Throws a CelError with one sentence when the pattern is not RE2. */
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
    throw new CelError(`"${pattern}" is not a pattern: ${why}.`, { cause });
  }
  compiled.set(pattern, made);
  return made;
}
