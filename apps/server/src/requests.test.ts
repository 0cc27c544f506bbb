// The API refuses requests that are wrong, forged or far too large.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atRest } from './testing/at-rest.ts';
import { launch, publish, publishWaits } from './testing/flows.ts';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { type Client, errorOf, signIn } from './testing/requests.ts';

interface Draft {
  readonly id: string;
  readonly revision: number;
  readonly definition: { readonly root: { readonly items: readonly unknown[] } };
}

let server: InProcessServer;
let client: Client;

beforeAll(async () => {
  server = await startInProcess();
  client = await signIn(server.address);
});
afterAll(() => server.close());

test('a body of 20 MB gets a sentence, and the server goes on', async () => {
  const answer = await client.mutate('flows.import', { document: 'x'.repeat(20 * 1024 * 1024) });
  expect(answer.status).toBe(413);
  expect(answer.headers['content-type']).toContain('application/json');
  expect(errorOf(answer)).toMatchObject({ message: expect.stringContaining('8 MB'), data: { code: 'PAYLOAD_TOO_LARGE' } });
  expect((await client.query('session.me')).status).toBe(200);
});

test.each(['job_aaaaaaaaaaaa', "job_' OR 1=1 --", '../../etc/passwd', '', 'j'.repeat(5_000), '__proto__', 'job_\u0000'])(
  'a forged job id %j is refused',
  async (job) => {
    for (const procedure of ['jobs.get', 'logbook.page']) {
      const answer = await client.query(procedure, { job });
      expect([400, 404]).toContain(answer.status);
      expect(answer.text).not.toMatch(/stack|node_modules|SELECT/);
    }
    const act = await client.mutate('jobs.suspend', { job });
    expect([400, 404]).toContain(act.status);
  },
);

test.each(['flow_000000000000', '__proto__', "x' --", 'f'.repeat(5_000)])('a forged flow id %j is refused', async (flow) => {
  expect([400, 404]).toContain((await client.query('flows.draft', { flow })).status);
  expect([400, 404]).toContain((await client.mutate('jobs.launch', { flow, version: 1, inputs: {} })).status);
  expect([400, 404]).toContain((await client.mutate('flows.remove', { flow })).status);
});

test('an unknown job is answered with the code of the engine', async () => {
  expect(errorOf(await client.query('jobs.get', { job: 'job_aaaaaaaaaaaa' }))).toMatchObject({
    message: 'There is no job job_aaaaaaaaaaaa.',
    data: { code: 'NOT_FOUND', httpStatus: 404, engineCode: 'JOB_UNKNOWN' },
  });
});

test('who did it is the session, whatever the request says', async () => {
  const flow = await publishWaits(client, { tasks: 1, ms: 0 });
  const actor = { kind: 'person', id: 'mallory', name: 'Mallory' };
  const { job } = await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {}, actor, postedBy: 'Mallory' });
  const { row } = await client.get<{ row: { postedBy: string } }>('jobs.get', { job });
  expect(row.postedBy).toBe('Ana');
  const [entry] = await client.get<{ actor: { name: string } }[]>('logbook.page', { job });
  expect(entry?.actor.name).toBe('Ana');
});

test('JSON that is nested to break a parser is refused with a sentence', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const post = (procedure: string, body: string) =>
    client.raw({ method: 'POST', path: `/trpc/${procedure}`, headers: { 'content-type': 'application/json' }, body });
  const flow = await publishWaits(client, { tasks: 1, ms: 0 });
  for (const answer of [
    await post('jobs.launch', `{"flow":"${flow}","version":1,"inputs":${deep}}`),
    await post('flows.save', `{"flow":"${flow}","revision":1,"definition":${deep}}`),
    await post('jobs.retryRevert', `{"job":"job_aaaaaaaaaaaa","atom":"a","output":${deep}}`),
  ]) {
    expect(answer.status).toBe(400);
    expect(errorOf(answer).message).toBe('What was sent is nested too deeply.');
  }
  const imported = await client.do<{ kind: string; problems: { code: string }[] }>('flows.import', { document: deep });
  expect(imported).toMatchObject({ kind: 'invalid', problems: [{ code: 'TOO_DEEP' }] });
});

test('a member called __proto__ is refused by name, not dropped', async () => {
  const held = JSON.stringify({ flow: 'flow_aaaaaaaaaaaa', version: 1, inputs: { a: 0 } }).replace('"a"', '"__proto__"');
  const headers = { 'content-type': 'application/json' };
  const answer = await client.raw({ method: 'POST', path: '/trpc/jobs.launch', headers, body: held });
  expect(answer.status).toBe(400);
  expect(errorOf(answer).message).toContain('"__proto__"');
});

test.each(['{', 'null', '"x"', '[]', '{"root":1}', '{"schemaVersion":1,"name":"x","root":{"__proto__":{}}}'])(
  'importing %s stores nothing',
  async (document) => {
    const before = (await client.get<unknown[]>('flows.list')).length;
    const answer = await client.do<{ kind: string; problems: { message: string }[] }>('flows.import', { document });
    expect(answer.kind).toBe('invalid');
    expect(answer.problems[0]?.message.length).toBeGreaterThan(10);
    expect((await client.get<unknown[]>('flows.list')).length).toBe(before);
  },
);

test('a draft that somebody else saved first is not overwritten', async () => {
  const draft = await client.do<{ id: string; revision: number; definition: { name: string } }>('flows.create', {
    name: 'Mine',
    pattern: 'graph',
  });
  const save = (name: string) =>
    client.do<{ kind: string; draft: { definition: { name: string } } }>('flows.save', {
      flow: draft.id,
      revision: draft.revision,
      definition: { ...draft.definition, name },
    });
  expect((await save('First')).kind).toBe('saved');
  expect(await save('Second')).toMatchObject({ kind: 'changed', draft: { definition: { name: 'First' } } });
  expect(await client.do('flows.save', { flow: draft.id, revision: 2, definition: { nonsense: true } })).toMatchObject({ kind: 'invalid' });
  expect(await client.do('flows.publish', { flow: draft.id, revision: 2 })).toMatchObject({
    kind: 'invalid',
    problems: [{ code: 'EMPTY' }],
  });
  expect(await client.do('flows.publish', { flow: draft.id, revision: 1 })).toEqual({ kind: 'changed', version: 0 });
});

test('what is exported can be imported', async () => {
  const flow = await publishWaits(client, { tasks: 2, ms: 0 });
  const { fileName, document } = await client.get<{ fileName: string; document: string }>('flows.export', { flow, version: 1 });
  expect(fileName).toBe('waits.flow.json');
  const answer = await client.do<{ kind: string; flow: string }>('flows.import', { document });
  expect(answer.kind).toBe('imported');
  expect(JSON.parse((await client.get<{ document: string }>('flows.export', { flow: answer.flow })).document)).toEqual(
    JSON.parse(document),
  );
});

test('a large definition is asked about, saved and read back whole', async () => {
  const draft = await client.do<Draft>('flows.create', { name: 'Large', pattern: 'linear' });
  const items = Array.from({ length: 5_000 }, (_, index) => ({ kind: 'task', id: `wait_${index}`, name: `Wait ${index}`, type: 'delay' }));
  const definition = { ...draft.definition, root: { ...draft.definition.root, items } };
  // Too long for an address, so the question is sent as a POST.
  expect(await client.do('flows.validate', { definition })).toEqual([]);
  expect(await client.do('flows.save', { flow: draft.id, revision: draft.revision, definition })).toMatchObject({ kind: 'saved' });
  const found = await client.get<Draft & { problems: unknown[] }>('flows.draft', { flow: draft.id });
  expect([found.definition.root.items.length, found.revision, found.problems]).toEqual([5_000, 2, []]);
});

test('questions asked together have each its own answer', async () => {
  const input = encodeURIComponent(JSON.stringify({ 1: { job: 'job_aaaaaaaaaaaa' } }));
  const { status, text } = await client.raw({ path: `/trpc/session.me,jobs.get?batch=1&input=${input}` });
  expect(status).toBe(207);
  expect(JSON.parse(text)).toMatchObject([
    { result: { data: { person: { name: 'Ana' } } } },
    { error: { data: { engineCode: 'JOB_UNKNOWN', httpStatus: 404 } } },
  ]);
  const many = Array.from({ length: 101 }, () => 'session.me').join(',');
  expect((await client.raw({ path: `/trpc/${many}?batch=1&input=%7B%7D` })).status).toBe(400);
});

test('what the catalog says reaches the client whole', async () => {
  expect(await client.get('catalog.list')).toEqual(JSON.parse(JSON.stringify(server.services.taskTypes)));
});

test('a job is launched, followed, planned, rolled back and applied again through the API', async () => {
  const flow = await publishWaits(client, { tasks: 3, ms: 0 });
  const job = await launch(client, flow);
  const settled = async (run: string) => {
    expect(await atRest(client, job)).toBe(run);
    return client.get<{ snapshot: { atoms: unknown[] } }>('jobs.get', { job });
  };
  expect((await settled('SUCCESS')).snapshot.atoms).toHaveLength(3);
  const choice = { kind: 'job' };
  const plan = await client.get<{ hash: string; waves: unknown[]; blocked: string | null }>('rollback.plan', { job, choice });
  expect([plan.waves.length, plan.blocked]).toEqual([3, null]);
  const confirm = (hash: string) => client.do<{ kind: string; code?: string }>('rollback.confirm', { job, choice, hash, reason: 'a test' });
  expect(await confirm('0')).toMatchObject({ kind: 'refused', code: 'PLAN_CHANGED' });
  expect((await confirm(plan.hash)).kind).toBe('done');
  await settled('REVERTED');
  expect((await client.do<{ kind: string }>('jobs.applyAgain', { job })).kind).toBe('done');
  await settled('SUCCESS');
  const entries = await client.get<{ number: number; kind: string; act?: string; actor: { name: string } }[]>('logbook.page', {
    job,
    after: 0,
    limit: 500,
  });
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  expect(entries.filter(({ kind }) => kind === 'ACT').map(({ act, actor }) => [act, actor.name])).toEqual([
    ['ROLL_BACK', 'Ana'],
    ['APPLY_AGAIN', 'Ana'],
  ]);
  expect(await client.get('logbook.page', { job, before: 3, limit: 5 })).toEqual([entries[1], entries[0]]);
  // Nothing that the store has is lost on its way out.
  expect(entries).toEqual(JSON.parse(JSON.stringify(await server.services.logbook.read(job, { after: 0, limit: 500 }))));
});

test('R6: the entry that begins a built-in task names the version of Windlass as its code', async () => {
  const job = await launch(client, await publish(client, [{ type: 'message', parameters: { text: 'hello' } }]));
  await expect.poll(async () => (await client.get<{ row: { run: string } }>('jobs.get', { job })).row.run).toBe('SUCCESS');
  const entries = await client.get<{ to?: string; data?: { code?: string } }[]>('logbook.page', { job, after: 0, limit: 100 });
  expect(entries.flatMap(({ to, data }) => (data?.code === undefined ? [] : [[to, data.code]]))).toEqual([
    ['RUNNING', expect.stringMatching(/^Windlass \d/)],
  ]);
});
