// Notices of real jobs, to real receivers.
import { EngineError, systemClock } from '@windlass/engine/ports';
import { afterEach, expect, it, vi } from 'vitest';
import { readConfiguration } from '../env.ts';
import { type InProcessServer, startInProcess } from '../testing/in-process-server.ts';
import { publishNeedy } from '../testing/needy-jobs.ts';
import { startMail, startWebhook } from '../testing/receivers.ts';
import { freePort } from '../testing/server-process.ts';
import { errorOf, send, signIn } from '../testing/requests.ts';
import { type Notifier, makeNotifier } from './notifier.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
function until<T extends { close(): Promise<unknown> }>(made: T): T {
  closing.push(() => made.close());
  return made;
}

const MAIL = { WINDLASS_MAIL_FROM: 'Windlass <windlass@example.org>', WINDLASS_MAIL_TO: 'ana@example.org, ben@example.org' };
const LINKS = 'http://windlass.test';
const warned: string[] = [];

/** A notifier on the stores of that server. */
function notifierOn(
  server: Pick<InProcessServer, 'backends' | 'conductor'>,
  environment: { readonly [name: string]: string },
  pauses: readonly number[] = [20, 20],
): Notifier {
  const notifier = makeNotifier({
    ...server.backends,
    store: server.backends.notices,
    operator: server.conductor,
    settings: readConfiguration('/', environment).notices,
    clock: systemClock,
    pauses,
    warn: (text) => void warned.push(text),
  });
  closing.push(() => notifier.stop());
  return notifier;
}

async function started() {
  const server = until(await startInProcess());
  const client = await signIn(server.address);
  const rows = async () => (await server.backends.notices.list({ limit: 100 })).rows;
  const state = async (channel: string) => (await rows())[0]?.deliveries.find((one) => one.channel === channel);
  return { server, client, rows, state };
}

it('a job that begins to need a person gets one notice, by webhook and mail, with a link that opens nothing by itself', async () => {
  const [hook, mail, { server, client, rows }] = [until(await startWebhook()), until(await startMail()), await started()];
  const post = await publishNeedy(client, 'approval');
  const environment = { ...MAIL, WINDLASS_WEBHOOK_URL: hook.url, WINDLASS_SMTP_URL: `smtp://127.0.0.1:${mail.port}` };
  notifierOn(server, environment).start(LINKS);
  const job = await post();
  await vi.waitFor(() => expect([hook.got.length, mail.got.length]).toEqual([1, 1]), 240_000);
  const [notice] = await rows();
  const key = `${job}-${notice?.entry}`;
  expect(hook.got[0]).toMatchObject({ method: 'POST', path: '/hook?token=t0ken' });
  expect(hook.got[0]?.headers).toMatchObject({ 'idempotency-key': key, 'content-type': 'application/json' });
  expect(JSON.parse(hook.got[0]?.body ?? '')).toEqual({
    event: 'attention',
    key,
    job,
    flow: 'Ship',
    attention: 'approval',
    sentence: '“Ship” waits for an approval: May it go out?',
    link: `${LINKS}/jobs/${job}`,
    raisedAt: new Date(notice?.raisedAt ?? 0).toISOString(),
  });
  expect(mail.got[0]?.to).toEqual(['ana@example.org', 'ben@example.org']);
  expect(mail.got[0]?.text).toContain(`Message-ID: <${key}@example.org>`);
  expect(mail.got[0]?.text).toContain(`${LINKS}/jobs/${job}`);
  expect(mail.got[0]?.text).toContain('Auto-Submitted: auto-generated');
  await vi.waitFor(async () => expect((await rows())[0]?.deliveries).toMatchObject([{ state: 'SENT' }, { state: 'SENT' }]), 240_000);
  // Paused and resumed it is claimed twice and asks the same again: that is no new need.
  const tokenOf = async () => (await server.backends.notices.needing([job]))[0]?.token ?? 0;
  const before = await tokenOf();
  for (const act of ['jobs.suspend', 'jobs.resume']) expect(await client.do(act, { job, reason: 'x' })).toMatchObject({ kind: 'done' });
  await vi.waitFor(async () => expect(await tokenOf()).toBeGreaterThan(before), 240_000);
  // Two further needs, one after the other: when the second is a notice, all that came before the first has been considered.
  for (const next of [await post(), await post()]) {
    await vi.waitFor(async () => expect((await rows()).map((row) => row.job)).toContain(next), 240_000);
  }
  expect((await rows()).filter((row) => row.job === job)).toHaveLength(1);
  expect(hook.got.filter(({ body }) => body.includes(job))).toHaveLength(1);
  expect(mail.got.filter(({ text }) => text.includes(key))).toHaveLength(1);
});

it('a need that arises again gets a new notice; the notice of a need that is over says so', async () => {
  const { server, client, rows } = await started();
  const post = await publishNeedy(client, 'held');
  notifierOn(server, {}).start(LINKS);
  const job = await post();
  await vi.waitFor(async () => expect(await rows()).toHaveLength(1), 240_000);
  await client.do('jobs.retryFailed', { job, atom: 'probe', reason: 'again' });
  await vi.waitFor(async () => expect(await rows()).toHaveLength(2), 240_000);
  expect((await rows()).map(({ sentence }) => sentence)).toEqual(Array.from({ length: 2 }, () => '“Ship” is held: “Look at it” failed.'));
  expect((await rows())[0]?.deliveries).toEqual([]);
  await client.do('jobs.skipFailed', { job, atom: 'probe', reason: 'not needed', output: {} });
  await vi.waitFor(async () => expect((await rows()).map(({ isOpen }) => isOpen)).toEqual([false, false]), 240_000);
});

it('a job that began to need a person while no server ran gets its notice at the next start', async () => {
  const [hook, { server, client, rows }] = [until(await startWebhook()), await started()];
  const job = await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect((await server.backends.board.get(job))?.attention).toBe('approval'), 240_000);
  for (let restart = 0; restart < 3; restart += 1) {
    const notifier = notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url });
    notifier.start(LINKS);
    await vi.waitFor(() => expect(hook.got).toHaveLength(1), 240_000);
    await notifier.stop();
  }
  expect([hook.got.length, (await rows()).length]).toEqual([1, 1]);
});

it.each([
  { answer: { status: 503 }, why: 'it answered 503' },
  { answer: { status: 404 }, why: 'it answered 404' },
  {
    answer: { status: 302, location: 'http://127.0.0.1:9/stolen' },
    why: 'it answered with a redirect (302), and redirects are not followed',
  },
])('a webhook that answers $answer.status is tried again, with the same key, and fails in the end', async ({ answer, why }) => {
  const [hook, { server, client, state }] = [until(await startWebhook()), await started()];
  hook.answer = answer;
  warned.length = 0;
  notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url }).start(LINKS);
  const job = await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect(await state('webhook')).toMatchObject({ state: 'FAILED', tries: 3, error: why }), 240_000);
  expect(new Set(hook.got.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(hook.got).toHaveLength(3);
  expect(warned).toEqual([`A notice about ${job} failed on webhook after 3 tries: ${why}`]);
});

it('a pause outlasts a restart: the next try comes when it is due, and arrives', async () => {
  const [hook, { server, client, state }] = [until(await startWebhook()), await started()];
  hook.answer = { status: 500 };
  const first = notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url }, [1_500]);
  first.start(LINKS);
  await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect(await state('webhook')).toMatchObject({ state: 'PENDING', tries: 1 }), 240_000);
  const due = (await state('webhook'))?.dueAt ?? 0;
  await first.stop();
  hook.answer = { status: 200 };
  notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url }, [1_500]).start(LINKS);
  await vi.waitFor(async () => expect(await state('webhook')).toMatchObject({ state: 'SENT', tries: 2, error: null }), 240_000);
  expect((await state('webhook'))?.sentAt).toBeGreaterThanOrEqual(due);
  expect(hook.got).toHaveLength(2);
});

it('a try that a stop breaks off is not counted, and is made again', async () => {
  const [hook, { server, client, state }] = [until(await startWebhook()), await started()];
  hook.answer = null;
  const first = notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url });
  first.start(LINKS);
  await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(() => expect(hook.got).toHaveLength(1), 240_000);
  await first.stop();
  expect(await state('webhook')).toMatchObject({ state: 'PENDING', tries: 0 });
  hook.answer = { status: 200 };
  notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url }).start(LINKS);
  await vi.waitFor(async () => expect(await state('webhook')).toMatchObject({ state: 'SENT' }), 240_000);
  expect(hook.got[1]?.headers['idempotency-key']).toBe(hook.got[0]?.headers['idempotency-key']);
});

it('what is wrong with a channel is said without its address, password or token', async () => {
  const [mail, { server, client, rows }] = [until(await startMail({ password: 'right' })), await started()];
  const environment = {
    ...MAIL,
    WINDLASS_SMTP_URL: `smtp://ops:s3cret@127.0.0.1:${mail.port}`,
    WINDLASS_WEBHOOK_URL: `http://ana:s3cret@127.0.0.1:${await freePort()}/s3cret?t=s3cret`,
  };
  warned.length = 0;
  notifierOn(server, environment).start(LINKS);
  await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect((await rows())[0]?.deliveries.map(({ state }) => state)).toEqual(['FAILED', 'FAILED']), 240_000);
  const [email, webhook] = (await rows())[0]?.deliveries ?? [];
  expect(email?.error).toBe('the mail server did not accept the login (535)');
  expect(webhook?.error).toBe('it could not be reached (ECONNREFUSED)');
  expect(JSON.stringify([await rows(), warned])).not.toContain('s3cret');
});

it('a login is used, and one refused recipient does not make the others get it again', async () => {
  const [mail, { server, client, state }] = [until(await startMail({ password: 'p@ss', refuse: ['ben@example.org'] })), await started()];
  notifierOn(server, { ...MAIL, WINDLASS_SMTP_URL: `smtp://ops:p%40ss@127.0.0.1:${mail.port}` }).start(LINKS);
  await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect(await state('email')).toMatchObject({ state: 'SENT' }), 240_000);
  expect(mail.got).toMatchObject([{ to: ['ana@example.org'] }]);
  expect((await state('email'))?.error).toBe('the mail server refused 1 of 2 recipients');
});

it('a password is not sent to another machine in the clear', async () => {
  const [mail, { server, client, state }] = [until(await startMail({ password: 'p@ss' })), await started()];
  // This machine by a name that does not say so.
  notifierOn(server, { ...MAIL, WINDLASS_SMTP_URL: `smtp://ops:p%40ss@127.1:${mail.port}` }, []).start(LINKS);
  await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect(await state('email')).toMatchObject({ state: 'FAILED' }), 240_000);
  expect((await state('email'))?.error).toMatch(/^the mail server offers no encryption that can be trusted/);
  expect([mail.got, mail.logins]).toEqual([[], 0]);
});

it('a job whose logbook cannot be read gets a notice too', async () => {
  const { server, client, rows } = await started();
  const job = await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect((await server.backends.board.get(job))?.attention).toBe('approval'), 240_000);
  const readBack = () => Promise.reject(new EngineError('LOGBOOK_BROKEN', 'It is broken.'));
  const snapshot = readBack;
  const broken = {
    ...server,
    backends: { ...server.backends, logbook: { ...server.backends.logbook, readBack } },
    conductor: { ...server.conductor, snapshot },
  };
  notifierOn(broken as unknown as InProcessServer, {}).start(LINKS);
  await vi.waitFor(async () => expect(await rows()).toMatchObject([{ job, entry: 0, sentence: '“Ship” waits for an approval.' }]), 240_000);
});

it('two notifiers on one database make one notice and send once', async () => {
  const [hook, { server, client, rows }] = [until(await startWebhook()), await started()];
  for (const _ of [1, 2]) notifierOn(server, { WINDLASS_WEBHOOK_URL: hook.url }).start(LINKS);
  const post = await publishNeedy(client, 'approval');
  const jobs = await Promise.all(Array.from({ length: 12 }, post));
  await vi.waitFor(async () => {
    expect((await rows()).flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'SENT'))).toHaveLength(12);
  }, 240_000);
  expect((await rows()).map(({ job }) => job).sort()).toEqual([...jobs].sort());
  expect(hook.got.map(({ headers }) => headers['idempotency-key']).sort()).toEqual(
    (await rows()).map(({ job, entry }) => `${job}-${entry}`).sort(),
  );
});

it('many jobs that wait at a start keep nobody else out while they are looked at', async () => {
  const { server, client, rows } = await started();
  const post = await publishNeedy(client, 'approval');
  await Promise.all(Array.from({ length: 60 }, post));
  await vi.waitFor(async () => expect((await server.backends.board.counts()).attention).toBe(60), 240_000);
  let turns = 0;
  const others = setInterval(() => {
    turns += 1;
  }, 0);
  notifierOn(server, {}).start(LINKS);
  await vi.waitFor(async () => expect(await server.backends.notices.unread()).toBe(60), { timeout: 240_000, interval: 100 });
  clearInterval(others);
  // In one go it is a handful.
  expect(turns).toBeGreaterThan(30);
  expect(await rows()).toHaveLength(60);
});

it('the API lists notices to people with a session alone, and remembers what was read', async () => {
  const { server, client } = await started();
  notifierOn(server, {}).start(LINKS);
  const job = await (await publishNeedy(client, 'approval'))();
  await vi.waitFor(async () => expect(await client.get('notices.unread')).toBe(1), 240_000);
  const { rows } = await client.get<{ rows: { id: string }[] }>('notices.list', {});
  expect(rows).toMatchObject([{ job, isOpen: true, readAt: null }]);
  expect(await client.do('notices.markRead', { notices: rows.map(({ id }) => id) })).toEqual({ unread: 0 });
  expect(await client.get('notices.list', {})).toMatchObject({ rows: [{ readBy: 'Ana' }] });
  expect(await client.get('notices.channels')).toEqual([]);
  for (const path of ['/trpc/notices.list', '/trpc/notices.unread', '/trpc/notices.channels']) {
    const answer = await send(server.origin, { path });
    expect([answer.status, errorOf(answer).data.code]).toEqual([401, 'UNAUTHORIZED']);
  }
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ notices: ['1'] });
  expect((await send(server.origin, { method: 'POST', path: '/trpc/notices.markRead', headers, body })).status).toBe(401);
});
