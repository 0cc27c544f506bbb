// The key of an element of a for-each's list (P6): elements with equal keys are the same element. A key is
// canonical JSON; one longer than 64 characters is replaced by its length and 128 bits of a digest, so that a run holds
// at most about 100 characters per element. Keys stand in logbooks: this text never changes.
import { type Json, isJsonObject } from '../../json.ts';

const LONGEST = 64;

/** The key that a value gives. O(size of the value). */
export function keyOf(value: Json): string {
  const text = canonical(value);
  return text.length <= LONGEST ? text : `#${text.length}:${digest(text)}`;
}

/**
 * Slots of a list, in its order: the k-th element with a key takes the k-th slot with that key, an element without
 * one the next free slot. `known` holds the key of every slot so far.
 */
export function slotsOf(known: readonly string[], keys: readonly string[]): number[] {
  const free = new Map<string, number[]>();
  known.forEach((key, slot) => {
    const slots = free.get(key);
    if (slots === undefined) free.set(key, [slot]);
    else slots.push(slot);
  });
  for (const slots of free.values()) slots.reverse();
  let next = known.length;
  return keys.map((key) => free.get(key)?.pop() ?? next++);
}

/** JSON without blanks, the members of objects sorted by name. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`;
}

const SEEDS = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762] as const;
const FACTORS = [597_399_067, 2_869_860_233, 951_274_213, 2_716_044_179] as const;

/** 128 bits as hexadecimal digits. Different values get different keys; it does not resist a person who looks for a collision. */
function digest(text: string): string {
  const [fa, fb, fc, fd] = FACTORS;
  let [a, b, c, d]: readonly number[] & { length: 4 } = [...SEEDS];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ unit, fa);
    b = c ^ Math.imul(b ^ unit, fb);
    c = d ^ Math.imul(c ^ unit, fc);
    d = a ^ Math.imul(d ^ unit, fd);
  }
  const mixed = [
    Math.imul(c ^ (a >>> 18), fa),
    Math.imul(d ^ (b >>> 22), fb),
    Math.imul(a ^ (c >>> 17), fc),
    Math.imul(b ^ (d >>> 19), fd),
  ];
  return mixed.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
