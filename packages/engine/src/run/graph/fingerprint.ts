// A 64-bit FNV-1a fingerprint of text, as 16 hex digits: tells whether two plans, flows or checkpoints are the same. It
// guards against change and damage, not against an attacker, so it needs no cryptography inside the pure core.

const PRIME = 0x01000193;

/** Fingerprint of `text`. */
export function fingerprint(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, PRIME);
    other = Math.imul(other ^ code, PRIME);
  }
  return hex(one) + hex(other);
}

function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
