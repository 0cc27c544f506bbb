// Flows and sessions: what goes through the Prisma client.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '@windlass/engine/run';
import { flow, linear, orderOf, task } from '@windlass/engine/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends } from '../open-backends.ts';

const prismaFolder = join(import.meta.dirname, '../../../../prisma');
const ana: Actor = { kind: 'person', id: 'ana', name: 'Ana' };
const definition = flow(linear('root', [task('a')]));
let folder: string;
let stores: Backends;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-screens-'));
  stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder });
});
afterEach(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('flows', () => {
  it('two who publish at once make one version', async () => {
    const { id } = await stores.flows.create(definition, ana, 1);
    const publish = () => stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 2);
    const answers = await Promise.all([publish(), publish()]);
    expect(answers.filter(({ kind }) => kind === 'published')).toHaveLength(1);
    expect(await stores.flows.versions(id)).toHaveLength(1);
  });

  it('another order of keys is not a difference', async () => {
    const { id } = await stores.flows.create(definition, ana, 1);
    await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 2);
    const turned = Object.fromEntries(Object.entries(definition).reverse()) as typeof definition;
    expect(await stores.flows.saveDraft({ flow: id, revision: 1, definition: turned }, ana, 3)).toMatchObject({ draft: { dirty: false } });
  });

  it('a removed flow is gone, but its jobs keep the version that they ran', async () => {
    const unused = await stores.flows.create(definition, ana, 1);
    const used = await stores.flows.create(definition, ana, 1);
    for (const { id } of [unused, used]) await stores.flows.publish({ flow: id, revision: 1, note: '' }, ana, 2);
    await stores.board.post(orderOf({ flow: used.id }), 3);
    for (const { id } of [unused, used]) await stores.flows.remove(id);
    expect(await stores.flows.list()).toEqual([]);
    await expect(stores.flows.getDraft(used.id)).rejects.toMatchObject({ code: 'FLOW_UNKNOWN' });
    expect(await Promise.all([used.id, unused.id, 'flow_0'].map((id) => stores.flows.presence(id)))).toEqual([
      'removed',
      'unknown',
      'unknown',
    ]);
    await expect(stores.flows.getVersion(unused.id, 1)).rejects.toMatchObject({ code: 'VERSION_UNKNOWN' });
    expect(await stores.flows.getVersion(used.id, 1)).toEqual(definition);
  });
});

describe('sessions', () => {
  it('a secret names its person until it is closed, or unused for 30 days', async () => {
    const day = 24 * 3_600_000;
    const secret = await stores.sessions.open({ id: 'ana', name: 'Ana' }, 0);
    expect(await stores.sessions.find(secret, 20 * day)).toEqual(ana);
    expect(await stores.sessions.find(secret, 45 * day)).toEqual(ana);
    expect(await stores.sessions.find(secret, 76 * day)).toBeUndefined();
    expect(await stores.sessions.find('another', 1)).toBeUndefined();
    await stores.sessions.close(secret);
    expect(await stores.sessions.find(secret, 46 * day)).toBeUndefined();
  });
});

describe('the address of the database', () => {
  it.each(['mysql://u:secret@h/db', 'file:'])('%s is refused with a sentence, without its password', async (databaseUrl) => {
    await expect(openBackends({ databaseUrl, prismaFolder })).rejects.toThrow(/^The database address (?!.*secret).*use file:/);
  });
});
