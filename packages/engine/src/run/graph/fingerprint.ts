// A 64-bit FNV-1a fingerprint as 16 hex digits, to compare plans, flows and checkpoints. It detects change and damage, not an
// attack, so the pure core needs no cryptography.

const PRIME = 0x01000193;

/** Adds texts and integers one after another. */
export class Fingerprint {
  #one = 0x811c9dc5;
  #other = 0x9747b28c;

  text(text: string): this {
    let one = this.#one;
    let other = this.#other;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, PRIME);
      other = Math.imul(other ^ code, PRIME);
    }
    this.#one = one;
    this.#other = other;
    return this;
  }

  numbers(numbers: readonly number[]): this {
    for (const number of numbers) {
      this.#one = Math.imul(this.#one ^ number, PRIME);
      this.#other = Math.imul(this.#other ^ number, PRIME);
    }
    return this;
  }

  toString(): string {
    return hex(this.#one) + hex(this.#other);
  }
}

/** Fingerprint of `text`. */
export function fingerprint(text: string): string {
  return new Fingerprint().text(text).toString();
}

function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
