// Every type that comes with Windlass keeps what the engine relies on: applied, repeated, reverted twice, reverted
// without an output, in a real folder and against a real server.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import type { JsonObject, TaskType } from '@windlass/engine/task';
import { checkTask } from '@windlass/engine/check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { taskTypes } from './catalog.ts';
import { tarGzOf } from './testing/archives.ts';
import { machineService } from './testing/machines.ts';
import { type TestSite, type TestWorld, testSite, testWorld } from './testing/site.ts';
import type { World } from './world.ts';

let test: TestWorld;
let site: TestSite;
/** What the site keeps, by path. */
let kept: Map<string, string>;
let service: ReturnType<typeof machineService>;

beforeEach(async () => {
  site = await testSite();
  kept = new Map();
  service = machineService();
  site.answer = ({ method, url, body, headers }) => {
    if (url.startsWith('/m')) return service.answer({ method, url, body, headers });
    if (method === 'PUT') kept.set(url, body);
    if (method === 'DELETE') return { status: kept.delete(url) ? 200 : 404 };
    return { status: 200, body: kept.get(url) ?? 'Harbour Lights' };
  };
  test = testWorld({ allow: [site.host], commands: ['touch', 'rm'] });
  for (const name of ['out', 'v1', 'v2']) mkdirSync(test.at(name));
  symlinkSync('v1', test.at('current'));
  writeFileSync(test.at('out/old'), 'old');
  chmodSync(test.at('out/old'), 0o640);
  const archive = [
    { name: 'old', text: 'new' },
    { name: 'deep/er/file', text: 'x' },
  ];
  writeFileSync(test.at('a.tgz'), await tarGzOf(archive));
});
afterEach(() => {
  test.close();
  site.close();
});

const inputs: { readonly [type: string]: readonly { readonly input: () => JsonObject; readonly failing?: JsonObject }[] } = {
  'folder.create': [{ input: () => ({ path: 'new/folder' }), failing: { path: 'out/old' } }, { input: () => ({ path: 'out' }) }],
  'file.write': [
    { input: () => ({ path: 'out/old', content: 'new' }), failing: { path: 'out', content: 'x' } },
    { input: () => ({ path: 'out/fresh', content: 'x' }) },
  ],
  'archive.unpack': [
    { input: () => ({ archive: 'a.tgz', into: 'out', overwrite: true }), failing: { archive: 'a.tgz', into: 'out' } },
    { input: () => ({ archive: 'a.tgz', into: 'else/where', strip: 1 }) },
  ],
  'link.switch': [
    { input: () => ({ path: 'current', target: 'v2' }), failing: { path: 'current', target: 'gone' } },
    { input: () => ({ path: 'fresh', target: 'v2' }) },
  ],
  'http.request': [
    { input: () => ({ method: 'GET', url: site.origin }) },
    {
      input: () => ({ method: 'PUT', url: `${site.origin}/thing`, body: 'x', undo: { method: 'DELETE', url: `${site.origin}/thing` } }),
    },
  ],
  'url.check': [{ input: () => ({ url: site.origin, expectText: 'Harbour' }) }],
  'machine.lease': [
    { input: () => ({ service: `${site.origin}/m`, wanted: { cores: 2 }, configuration: { image: 'debian' } }) },
    { input: () => ({ service: `${site.origin}/m` }) },
  ],
  'values.set': [{ input: () => ({ values: { a: [1, null], b: { c: 'x' } } }) }],
  delay: [{ input: () => ({ ms: 5 }) }],
  approval: [{ input: () => ({ question: 'Ship it?' }) }],
  signal: [{ input: () => ({ name: 'deployed' }) }],
  message: [{ input: () => ({ text: 'hello' }) }],
  'command.run': [
    {
      input: () => ({ program: 'touch', args: ['made'], undo: { program: 'rm', args: ['-f', 'made'] } }),
      failing: { program: 'touch', args: ['gone/made'], undo: { program: 'rm', args: ['-f', 'made'] } },
    },
    { input: () => ({ program: 'touch', args: ['made'], undo: { program: 'rm', args: ['-f', 'made'] }, undoRepeatable: true }) },
  ],
};

const cases = taskTypes.flatMap((type: TaskType<World>) =>
  (inputs[type.type] ?? []).map((given, index) => [type.type, index, type, given] as const),
);

/** They need a server: apps/server/src/launched-jobs.test.ts. */
const OF_JOBS: readonly string[] = ['flow.launch', 'job.rollback'];

it('every built-in type is checked', () => {
  expect(new Set(cases.map(([name]) => name))).toEqual(
    new Set(taskTypes.map(({ type }) => type).filter((type) => !OF_JOBS.includes(type))),
  );
});

it.each(cases)('%s, input %i, keeps what the engine relies on', async (_, _index, type, { input, failing }) => {
  const observe = () => ({
    files: test.picture(),
    site: new Map(kept),
    machines: [...service.machines.values()].map((one) => ({ ...one })),
  });
  expect(await checkTask(type, { input: input(), world: test.world, observe, ...(failing ? { failing } : {}) })).toEqual([]);
});
