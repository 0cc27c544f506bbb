import type { Entry } from '@windlass/engine';

/** Roughly how many characters a value has as JSON: a walk without making the text. */
export function weightOf(entry: Entry): number {
  let weight = 100;
  const waiting: unknown[] = 'data' in entry ? [entry.data] : [];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string') weight += value.length;
    else if (typeof value !== 'object' || value === null) weight += 5;
    else
      for (const [key, inner] of Object.entries(value)) {
        weight += key.length + 3;
        if (inner !== undefined) waiting.push(inner);
      }
  }
  return weight;
}
