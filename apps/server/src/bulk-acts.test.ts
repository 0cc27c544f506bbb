// Bulk acts over HTTP, on jobs that a conductor drives.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, publishWaits } from './testing/flows.ts';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { type Client, errorOf, signIn } from './testing/requests.ts';

interface Bulk {
  readonly bulk: { readonly state: string; readonly total: number; readonly outcomes: object; readonly actor: { readonly name: string } };
  readonly jobs: readonly { readonly job: string; readonly outcome: string; readonly note: string }[];
}

let server: InProcessServer;
let client: Client;

beforeAll(async () => {
  server = await startInProcess();
  client = await signIn(server.address);
});
afterAll(() => server.close());

const idsOf = async (search: string) => {
  const { rows } = await client.get<{ rows: { id: string }[] }>('jobs.list', { search });
  return rows.map(({ id }) => id);
};

test('all that a search finds are cancelled in one act, each with it in its logbook', async () => {
  const flow = await publishWaits(client, { tasks: 1, ms: 600_000 });
  const jobs = await Promise.all(Array.from({ length: 12 }, () => launch(client, flow)));
  await expect.poll(() => idsOf(`flow:${flow} state:running`)).toHaveLength(12);
  const act = { kind: 'CANCEL', reason: 'wrong release', then: 'revert' };
  const on = { kind: 'search', search: `flow:${flow}`, expected: 12 };
  expect(errorOf(await client.mutate('bulk.post', { act, on: { ...on, expected: 11 } }))).toMatchObject({
    message: 'The search finds 12 jobs now, not 11; look again, then confirm.',
  });
  const { id } = await client.do<{ id: number }>('bulk.post', { act, on });
  await expect.poll(async () => (await client.get<Bulk>('bulk.get', { id })).bulk.state).toBe('ENDED');
  const { bulk, jobs: settled } = await client.get<Bulk>('bulk.get', { id });
  expect(bulk).toMatchObject({ total: 12, outcomes: { done: 12, refused: 0, failed: 0 }, actor: { name: 'Ana' } });
  expect(new Set(settled.map(({ job }) => job))).toEqual(new Set(jobs));
  const entries = await client.get<{ kind: string }[]>('logbook.page', { job: jobs[0], after: 0, limit: 100 });
  expect(entries.find(({ kind }) => kind === 'ACT')).toMatchObject({
    act: 'CANCEL',
    reason: `wrong release (bulk act ${id})`,
    actor: { name: 'Ana' },
  });
  await expect.poll(() => idsOf(`flow:${flow} state:complete`)).toHaveLength(12);
});

test('what does not fit a job is refused for that job with its own sentence', async () => {
  const flow = await publishWaits(client, { tasks: 1, ms: 1 });
  const job = await launch(client, flow);
  await expect.poll(() => idsOf(`flow:${flow} state:complete`)).toEqual([job]);
  const act = { kind: 'SUSPEND', reason: '' };
  const { id } = await client.do<{ id: number }>('bulk.post', { act, on: { kind: 'jobs', jobs: [job, 'job_aaaaaaaaaaaa'] } });
  await expect.poll(async () => (await client.get<Bulk>('bulk.get', { id })).bulk.state).toBe('ENDED');
  expect((await client.get<Bulk>('bulk.get', { id })).jobs).toMatchObject([
    { job, outcome: 'refused', note: 'Only a job that is going on can be paused; this one is SUCCESS.' },
    { outcome: 'failed', note: 'There is no job job_aaaaaaaaaaaa.' },
  ]);
});

test('a search that cannot be read is refused with its sentence and place, in lists, counts, views and bulk acts', async () => {
  const search = 'by:me colour:red';
  const refusal = { message: expect.stringContaining('Characters 7 to 12 of the search'), data: { engineCode: 'SEARCH_INVALID' } };
  expect(errorOf(await client.query('jobs.list', { search }))).toMatchObject(refusal);
  expect(errorOf(await client.query('jobs.count', { search }))).toMatchObject(refusal);
  const view = { name: 'x', search, columns: '', order: 'newest', isShared: false };
  expect(errorOf(await client.mutate('views.save', view))).toMatchObject(refusal);
  const on = { kind: 'search', search, expected: 1 };
  expect(errorOf(await client.mutate('bulk.post', { act: { kind: 'RESUME' }, on }))).toMatchObject(refusal);
});

test('a job is found by the value of an input, by its flow, its version and who launched it', async () => {
  const draft = await client.do<{ id: string; revision: number; definition: { root: object } }>('flows.create', {
    name: 'To a region',
    pattern: 'linear',
  });
  const inputs = { type: 'object', properties: { region: { type: 'string' }, pin: { type: 'string', format: 'password' } } };
  const items = [{ kind: 'task', id: 'wait', name: 'Wait', type: 'delay', parameters: { ms: 1 } }];
  const definition = { ...draft.definition, inputs, root: { ...draft.definition.root, items } };
  await client.do('flows.save', { flow: draft.id, revision: draft.revision, definition });
  await client.do('flows.publish', { flow: draft.id, revision: draft.revision + 1 });
  const { job } = await client.do<{ job: string }>('jobs.launch', { flow: draft.id, version: 1, inputs: { region: 'eu', pin: '1234' } });
  for (const search of ['input.region:eu', 'eu', 'flow:"to a region" version:1 by:ME', job.slice(0, 12)])
    expect(await idsOf(search)).toEqual([job]);
  for (const search of ['input.region:us', '1234', 'input.pin:1234', 'flow:"to a region" version:2'])
    expect(await idsOf(search)).toEqual([]);
});
