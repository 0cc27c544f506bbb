// A 64-bit FNV-1a fingerprint of text, as 16 hex digits: tells whether two plans are the same one. It guards
// against a plan that has changed, not against an attacker, so it needs no cryptography inside the pure core.

const PRIME = 0x01000193;
const SEEDS = [0x811c9dc5, 0x9747b28c] as const;

/** Fingerprint of `text`. */
export function fingerprint(text: string): string {
  return SEEDS.map((seed) => fnv(text, seed).toString(16).padStart(8, '0')).join('');
}

function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash >>> 0;
}
