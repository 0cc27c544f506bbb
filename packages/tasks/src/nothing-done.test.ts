// T1, R9: a task that was refused before it changed anything leaves nothing standing, whatever its type.
import { mkdirSync, writeFileSync } from 'node:fs';
import { inProcessRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { type JsonObject, catalogOf } from '@windlass/engine/task';
import { MemoryFlows, MemoryStore, flow, linear, task } from '@windlass/engine/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskTypes } from './catalog.ts';
import { tarOf } from './testing/archives.ts';
import { type TestWorld, testWorld } from './testing/site.ts';

let test: TestWorld;
beforeEach(async () => {
  test = testWorld();
  mkdirSync(test.at('folder'));
  writeFileSync(test.at('file'), 'x');
  writeFileSync(
    test.at('hostile.tar'),
    await tarOf([
      { name: 'fine', text: 'x' },
      { name: '../out', text: 'x' },
    ]),
  );
});
afterEach(() => test.close());

describe('a task of files that is refused before it changes anything says so', () => {
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ['file.write', { path: 'folder', content: 'x' }, 'NOT_A_FILE'],
    ['file.write', { path: 'gone/file', content: 'x' }, 'FOLDER_ABSENT'],
    ['file.write', { path: '../file', content: 'x' }, 'PATH_OUTSIDE'],
    ['file.write', { path: 'new', content: '#', encoding: 'base64' }, 'CONTENT_INVALID'],
    ['file.write', { path: 'new', content: 'x', mode: 'rwx' }, 'INPUT_INVALID'],
    ['folder.create', { path: 'file' }, 'NOT_A_FOLDER'],
    ['link.switch', { path: 'link', target: 'gone' }, 'TARGET_ABSENT'],
    ['link.switch', { path: 'folder', target: 'file' }, 'NOT_A_LINK'],
    ['archive.unpack', { archive: 'gone.tar', into: 'new' }, 'ARCHIVE_ABSENT'],
    ['archive.unpack', { archive: 'folder', into: 'new' }, 'ARCHIVE_INVALID'],
    ['archive.unpack', { archive: 'file', into: '../new' }, 'PATH_OUTSIDE'],
  ];
  it.each(cases)('%s %j: %s', async (type, input, code) => {
    const before = test.picture();
    const { outcome } = await test.apply(type, input);
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code, nothingDone: true } });
    expect(test.picture()).toEqual(before);
  });

  it('one that had begun does not', async () => {
    const { outcome, revert } = await test.apply('archive.unpack', { archive: 'hostile.tar', into: 'new' });
    expect(outcome).toMatchObject({ failure: { code: 'ARCHIVE_HOSTILE' } });
    expect(JSON.stringify(outcome)).not.toContain('nothingDone');
    await revert();
  });
});

it.each([
  ['a command where commands are off', 'command.run', { program: 'true' }, 'COMMANDS_OFF'],
  ['a request to a private address', 'http.request', { method: 'POST', url: 'http://10.0.0.1/' }, 'HTTP_ADDRESS_REFUSED'],
  ['a rollback where no jobs can be reached', 'job.rollback', { job: 'job_x' }, 'LAUNCHING_OFF'],
])('T1: after %s, which nothing could undo, the job is REVERTED and nothing is left standing', async (_, type, parameters, code) => {
  const store = new MemoryStore();
  const flows = new MemoryFlows();
  const catalog = catalogOf(taskTypes);
  const ana = { kind: 'person', id: 'ana', name: 'ana' } as const;
  const definition = flow(
    linear('f', [task('make', { type: 'folder.create', parameters: { path: 'new' } }), task('b', { type, parameters })]),
  );
  const { id } = await flows.create(definition, ana, 1);
  await flows.publish({ flow: id, revision: 1, note: '' }, ana, 1);
  const conductor = startConductor({
    ...{ board: store, logbook: store, flows, typeOf: typesFromCatalog(catalog), clock: systemClock },
    runner: inProcessRunner({ catalog, world: test.world, secrets: { resolve: async () => undefined }, log: () => {} }),
    conductor: { id: 'c1', name: 'c1' },
  });
  const before = test.picture();
  const posted = await conductor.launch({ flow: id, version: 1, inputs: {}, priority: 0, actor: ana, key: null });
  const job = posted.kind === 'posted' ? posted.job : '';
  await expect.poll(async () => (await store.get(job))?.state).toBe('COMPLETE');
  const snapshot = await conductor.snapshot(job);
  expect(snapshot).toMatchObject({ state: 'REVERTED', standing: [], forward: { kind: 'failed', atom: 'b', failure: { code } } });
  expect(snapshot.atoms.find(({ atom }) => atom === 'b')).toMatchObject({ state: 'REVERTED', note: 'nothing was done' });
  expect(test.picture()).toEqual(before);
  await conductor.stop(50);
});
