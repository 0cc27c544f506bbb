// Following a logbook over real HTTP (L4), with a reader that is cut off.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atRest } from './testing/at-rest.ts';
import { EventStream, type StreamEvent } from './testing/event-stream.ts';
import { launch, publish, publishWaits } from './testing/flows.ts';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { type Client, signIn } from './testing/requests.ts';

interface Numbered {
  readonly number: number;
}

let server: InProcessServer;
let client: Client;

beforeAll(async () => {
  server = await startInProcess();
  client = await signIn(server.address);
});
afterAll(() => server.close());

const numbersOf = (messages: readonly StreamEvent[]) => messages.flatMap(({ data }) => (data as Numbered[]).map(({ number }) => number));
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

async function lastNumber(job: string): Promise<number> {
  const [last] = await client.get<Numbered[]>('logbook.page', { job, before: 1_000_000, limit: 1 });
  return last?.number ?? 0;
}

async function complete(job: string): Promise<number> {
  expect(await atRest(client, job)).toBe('SUCCESS');
  return lastNumber(job);
}

test('L4: a reader that is cut off again and again misses nothing and gets nothing twice', async () => {
  // The job stops at each signal until the reader was cut there, so it is cut in the middle however busy the machine is.
  const CUTS = 6;
  const part = (name: string) => [
    ...Array.from({ length: 10 }, () => ({ type: 'message', parameters: { text: 'here' } })),
    { type: 'signal', parameters: { name } },
  ];
  const job = await launch(client, await publish(client, Array.from({ length: CUTS }, (_, at) => part(`go${at}`)).flat()));
  const numbers: number[] = [];
  let lastEventId: string | undefined;
  const follow = async (isEnough: (stream: EventStream) => boolean): Promise<void> => {
    const stream = new EventStream(client, 'logbook.follow', { input: { job }, ...(lastEventId === undefined ? {} : { lastEventId }) });
    await stream.until(isEnough);
    stream.cut();
    for (const { id, data } of stream.messages) expect(id).toBe(String((data as Numbered[]).at(-1)?.number));
    numbers.push(...numbersOf(stream.messages));
    lastEventId = stream.messages.at(-1)?.id ?? lastEventId;
  };
  for (let cut = 0; cut < CUTS; cut += 1) {
    await follow(({ messages }) => messages.length > 0);
    await client.do('jobs.signal', { job, name: `go${cut}`, data: null, reason: '' });
  }
  const last = await complete(job);
  await follow(({ messages }) => numbers.at(-1) === last || numbersOf(messages).at(-1) === last);
  expect(numbers).toEqual(upTo(last));
});

test('twenty readers who join at any time see the same', async () => {
  const job = await launch(client, await publishWaits(client, { tasks: 40, ms: 5 }));
  const readers: EventStream[] = [];
  for (let reader = 0; reader < 20; reader += 1) {
    readers.push(new EventStream(client, 'logbook.follow', { input: { job } }));
    await new Promise((done) => setTimeout(done, 7));
  }
  const last = await complete(job);
  for (const reader of readers) {
    await reader.until(({ messages }) => numbersOf(messages).at(-1) === last);
    expect(numbersOf(reader.messages)).toEqual(upTo(last));
    reader.cut();
  }
});

test('an unknown job or an invalid number ends the stream with an error', async () => {
  for (const [input, code] of [
    [{ job: 'job_aaaaaaaaaaaa' }, 'JOB_UNKNOWN'],
    [{ job: 'job_aaaaaaaaaaaa', lastEventId: '1 OR 1=1' }, 'BAD_REQUEST'],
    [{ job: 'job_aaaaaaaaaaaa', lastEventId: '-1' }, 'BAD_REQUEST'],
  ] as const) {
    const stream = new EventStream(client, 'logbook.follow', { input });
    await stream.until(({ events }) => events.some(({ event }) => event === 'serialized-error'));
    expect(JSON.stringify(stream.events)).toContain(code);
    await stream.until(({ ended }) => ended).catch(() => undefined);
    expect(stream.ended).toBe(true);
  }
});

test('changed jobs: first the word that any may have changed, then ids, at most five times a second', async () => {
  const stream = new EventStream(client, 'jobs.changed');
  await stream.until(({ messages }) => messages.length === 1);
  expect(stream.messages[0]?.data).toEqual([]);
  const flow = await publishWaits(client, { tasks: 1, ms: 0 });
  const started = Date.now();
  const jobs = await Promise.all(Array.from({ length: 50 }, () => launch(client, flow)));
  const seen = () => new Set(stream.messages.flatMap(({ data }) => data as string[]));
  await stream.until(() => jobs.every((job) => seen().has(job)));
  expect(stream.messages.length).toBeLessThanOrEqual(2 + Math.ceil((Date.now() - started) / 200) + 1);
  stream.cut();
});

test('the server forgets readers who leave', async () => {
  const job = await launch(client, await publishWaits(client, { tasks: 1, ms: 0 }));
  let following = 0;
  const { logbook } = server.services;
  const follow = logbook.follow.bind(logbook);
  logbook.follow = (followed, listener) => {
    const stop = follow(followed, listener);
    following += 1;
    return () => {
      following -= 1;
      stop();
    };
  };
  const readers = Array.from({ length: 10 }, () => new EventStream(client, 'logbook.follow', { input: { job } }));
  for (const reader of readers) await reader.until(({ messages }) => messages.length > 0);
  expect(following).toBe(10);
  for (const reader of readers) reader.cut();
  await expect.poll(() => following).toBe(0);
});
