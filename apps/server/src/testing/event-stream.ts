// A raw reader of server-sent events, which can be cut off at any moment.
import { type ClientRequest, request as httpRequest } from 'node:http';
import type { Client } from './requests.ts';

export interface StreamEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

export class EventStream {
  readonly events: StreamEvent[] = [];
  readonly #request: ClientRequest;
  #rest = '';
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(client: Client, procedure: string, { input, lastEventId }: { readonly input?: unknown; readonly lastEventId?: string } = {}) {
    const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const headers = {
      cookie: client.cookie,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    this.#request = httpRequest(`${client.origin}/trpc/${procedure}${search}`, { headers, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
      response.on('close', () => this.#end());
    });
    this.#request.on('error', () => this.#end());
    this.#request.end();
  }

  /** Messages, without what the protocol adds for itself. */
  get messages(): StreamEvent[] {
    return this.events.filter(({ event }) => event === 'message');
  }

  /** Waits until the events so far are what is wished for. */
  async until(isEnough: (stream: this) => boolean, ms = 240_000): Promise<void> {
    const late = Date.now() + ms;
    while (!isEnough(this)) {
      if (this.#ended) throw new Error('The stream ended before that.');
      if (Date.now() > late) throw new Error(`Not within ${ms} ms; so far: ${JSON.stringify(this.events).slice(0, 500)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  cut(): void {
    this.#request.destroy();
  }

  #take(chunk: string): void {
    this.#rest += chunk;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
      );
      const data = fields.get('data');
      this.events.push({
        event: fields.get('event') ?? 'message',
        id: fields.get('id') ?? null,
        data: data ? (JSON.parse(data) as unknown) : null,
      });
    }
    this.#wake();
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
