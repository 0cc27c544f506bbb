/** Splits a stream of text into lines. A long line is cut, so that the memory stays bounded. */
export class TextLines {
  readonly #onLine: (line: string) => void;
  readonly #longest: number;
  #rest = '';

  constructor(onLine: (line: string) => void, longest = 10_000) {
    this.#onLine = onLine;
    this.#longest = longest;
  }

  add(chunk: string): void {
    const lines = (this.#rest + chunk).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    while (this.#rest.length > this.#longest) {
      this.#onLine(this.#rest.slice(0, this.#longest));
      this.#rest = this.#rest.slice(this.#longest);
    }
  }

  /** The text after the last line end. */
  end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }
}
