// `text.matches(pattern)` in time that grows with the text alone. CEL asks for RE2; the library calls JavaScript's own
// expressions, where "(a+)+$" over 40 letters takes hours. Its function cannot be replaced, so the call is renamed.
import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

const NAME = 'matchesInLinearTime';
/** Patterns are few and come again with each round of a macro; compiling takes longer than matching. */
const MOST_COMPILED = 100;
const compiled = new Map<string, RE2JS>();

/** The function to register. Throws an Error with one sentence when the pattern is not RE2. */
export const linearMatches = {
  signature: `string.${NAME}(string): bool`,
  call: (text: string, pattern: string): boolean => patternOf(pattern).matcher(text).find(),
};

/** Lets every call of `matches` in a tree that is not checked yet call that function instead. */
export function renameMatches(tree: ASTNode): void {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one);
    } else if (typeof node === 'object' && node !== null && 'op' in node && 'args' in node) {
      if (node.op === 'rcall' && Array.isArray(node.args) && node.args[0] === 'matches') node.args[0] = NAME;
      visit(node.args);
    }
  };
  visit(tree);
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
    throw new Error(`"${pattern}" is not a pattern: ${why}.`, { cause });
  }
  compiled.set(pattern, made);
  return made;
}
