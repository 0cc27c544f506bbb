// The hook of the example site: it keeps each posted message as a line of a file, and can delete it again.
import { randomUUID } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';

const MOST_BYTES = 64_000;
const MOST_LINES = 10_000;

interface Message {
  readonly id: string;
  readonly body: string;
}

export class MessageHook {
  readonly #file: string;
  /** One request at a time: deleting a line rewrites the file. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** POST keeps a message and returns its id; DELETE with an id deletes the message; GET lists the messages. */
  async answer(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = request.method === 'POST' ? await textOf(request) : null;
    const next = this.#last.then(async () => {
      const { status, body } = await this.#perform(request.method, id, text);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    // `next` rejects for its own caller; the message after it is handled all the same.
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #perform(method: string | undefined, id: string, text: string | null): Promise<{ status: number; body: unknown }> {
    if (method === 'GET') return { status: 200, body: await this.#lines() };
    if (method === 'POST' && id === '') return this.#keep(text);
    if (method !== 'DELETE') return { status: 405, body: { message: 'POST keeps a message, DELETE takes it back, GET lists them.' } };
    const lines = await this.#lines();
    const left = lines.filter((line) => line.id !== id);
    if (left.length === lines.length) return { status: 404, body: { message: `There is no message ${id}.` } };
    await writeFile(this.#file, left.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return { status: 200, body: { removed: id } };
  }

  async #keep(body: string | null): Promise<{ status: number; body: unknown }> {
    if (body === null) return { status: 413, body: { message: `A message may have ${MOST_BYTES} bytes.` } };
    if ((await this.#lines()).length >= MOST_LINES)
      return { status: 507, body: { message: `${MOST_LINES} messages are kept; take some back first.` } };
    const line: Message = { id: randomUUID(), body };
    await appendFile(this.#file, `${JSON.stringify(line)}\n`);
    return { status: 201, body: { id: line.id } };
  }

  async #lines(): Promise<Message[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as Message];
      } catch {
        return [];
      }
    });
  }
}

async function textOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
