// S4: before a flow is published or launched, screens list the secrets and task types that this server does not have, and what
// else keeps its tasks from working here.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcessServer, startInProcess } from './testing/in-process-server.ts';
import { type Client, signIn } from './testing/requests.ts';

let server: InProcessServer;
let client: Client;

beforeEach(async () => {
  server = await startInProcess({ environment: { WINDLASS_SECRET_KNOWN_KEY: 'x' } });
  client = await signIn(server.address);
});
afterEach(() => server.close());

interface Draft {
  readonly id: string;
  readonly revision: number;
  readonly definition: { readonly root: object };
}

const message = (id: string, cel: string) => ({
  kind: 'task',
  id,
  name: id,
  type: 'message',
  bindings: { text: { from: 'expression', cel } },
});

/** Saved as it is: a draft may use what this server does not know. */
async function draft(items: object[]): Promise<{ flow: string; revision: number }> {
  const made = await client.do<Draft>('flows.create', { name: 'Needy', pattern: 'linear' });
  const definition = { ...made.definition, root: { ...made.definition.root, items } };
  const saved = await client.do<{ draft: Draft }>('flows.save', { flow: made.id, revision: made.revision, definition });
  return { flow: made.id, revision: saved.draft.revision };
}

test('of the draft and of a version it names what is absent, and nothing of what is there', async () => {
  const { flow, revision } = await draft([message('a', 'secrets.known_key'), message('b', '"Bearer " + secrets.lost_key')]);
  const absent = { secrets: [{ name: 'lost_key', usedBy: ['b'] }], types: [] };
  const answer = await client.get('flows.absent', { flow, version: null });
  expect(answer).toEqual(absent);
  expect(JSON.stringify(answer)).not.toContain('known_key');
  await client.do('flows.publish', { flow, revision });
  expect(await client.get('flows.absent', { flow, version: 1 })).toEqual(absent);
});

test('a subflow is looked into, and a task type that is not here is named', async () => {
  const inner = await draft([message('x', 'secrets.lost_key')]);
  expect(await client.do('flows.publish', inner)).toMatchObject({ kind: 'published' });
  const { flow } = await draft([
    { kind: 'subflow', id: 's', name: 's', flow: inner.flow, version: 1, parameters: {}, bindings: {} },
    { kind: 'task', id: 'own', name: 'Own work', type: 'own.gone', typeVersion: 2 },
  ]);
  expect(await client.get('flows.absent', { flow, version: null })).toEqual({
    secrets: [{ name: 'lost_key', usedBy: ['Needy: x'] }],
    types: [{ type: 'own.gone', version: 2, usedBy: ['Own work'] }],
  });
});

const launch = (id: string, parameters: object) => ({ kind: 'task', id, name: id, type: 'flow.launch', parameters });
const command = (id: string) => ({ kind: 'task', id, name: id, type: 'command.run', parameters: { program: 'true' } });

test('P9: a launched flow or version that is not there is named before publishing and launching, with where its id is found', async () => {
  const other = await draft([message('x', '"x"')]);
  await client.do('flows.publish', other);
  const { flow, revision } = await draft([
    launch('right', { flow: other.flow, version: 1 }),
    launch('by_name', { flow: 'Needy', version: 1 }),
    launch('later', { flow: other.flow, version: 7 }),
    { ...launch('bound', { version: 1 }), bindings: { flow: { from: 'expression', cel: '"x"' } } },
  ]);
  const hindrances = [
    { message: expect.stringMatching(/^There is no flow with the id "Needy".*is in the address of its page/), usedBy: ['by_name'] },
    { message: `The flow ${other.flow} has no version 7. The newest is 1.`, usedBy: ['later'] },
  ];
  expect(await client.get('flows.absent', { flow, version: null })).toEqual({ secrets: [], types: [], hindrances });
  expect(await client.do('flows.publish', { flow, revision })).toMatchObject({ kind: 'published' });
  expect(await client.get('flows.absent', { flow, version: 1 })).toMatchObject({ hindrances });
});

test('S4: that commands are off on this server is said before publishing and launching, also for a subflow', async () => {
  const inner = await draft([command('Build')]);
  await client.do('flows.publish', inner);
  const { flow } = await draft([
    { kind: 'subflow', id: 's', name: 's', flow: inner.flow, version: 1, parameters: {}, bindings: {} },
    command('Test'),
  ]);
  expect(await client.get('flows.absent', { flow, version: null })).toMatchObject({
    hindrances: [{ message: expect.stringContaining('Commands are off on this server'), usedBy: ['Test', 'Needy: Build'] }],
  });
});
