// The one member name that is refused wherever JSON comes in. Assigning it to a JavaScript object sets the prototype
// and zod drops it, so it would be lost without a word. All other names work, `constructor` and `toString` included.

export const REFUSED_NAME = '__proto__';

/** What people are told; `shown` names the value, as in `The output`. */
export function refusedNameSentence(shown: string): string {
  return `${shown} has a member called "${REFUSED_NAME}", a name that is not accepted here; give it another name.`;
}

/** Is there a member of the refused name anywhere in the value? For values of bounded depth or size: it visits everything. */
export function hasRefusedName(value: unknown): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, REFUSED_NAME)) return true;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return false;
}
