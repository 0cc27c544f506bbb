/** Keeps endless text in bounded memory: its beginning and its end, with a note about the omitted part. */
export class BoundedText {
  #head = '';
  #tail = '';
  #length = 0;
  readonly #half: number;

  constructor(most: number) {
    this.#half = Math.floor(most / 2);
  }

  add(chunk: string): void {
    this.#length += chunk.length;
    const room = this.#half - this.#head.length;
    this.#head += chunk.slice(0, room);
    if (chunk.length > room) this.#tail = (this.#tail + chunk.slice(room)).slice(-this.#half);
  }

  toString(): string {
    const left = this.#length - this.#head.length - this.#tail.length;
    return left === 0 ? this.#head + this.#tail : `${this.#head}\n… ${left} characters left out …\n${this.#tail}`;
  }
}
