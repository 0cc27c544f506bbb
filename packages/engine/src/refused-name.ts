// The one member name that is refused in all JSON. Assigning it to a JavaScript object sets the prototype, and zod drops it, so
// it would be lost silently. All other names work, including `constructor` and `toString`.

export const REFUSED_NAME = '__proto__';

/** The error sentence; `shown` names the value, as in `The output`. */
export function refusedNameSentence(shown: string): string {
  return `${shown} has a member called "${REFUSED_NAME}", a name that is not accepted here; give it another name.`;
}

/** Does the value contain a member with the refused name? It visits all members, so the value must have a bounded size. */
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
