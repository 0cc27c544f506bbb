// The examples on the real thing: real stores, a real conductor, real files, a site that is really served.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { type JsonObject, validateDefinition } from '@windlass/engine/definition';
import { type Conductor, inProcessRunner, startConductor, systemClock } from '@windlass/engine/ports';
import { type Actor, type RollbackChoice, typesFromCatalog } from '@windlass/engine/run';
import { catalogOf, describeTask } from '@windlass/engine/task';
import { type Backends, openBackends } from '@windlass/backends';
import { FilesRoot, HttpClient, taskTypes } from '@windlass/tasks';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExampleSite, startExampleSite } from './example-site.ts';
import { launchedJobs } from './launched-jobs.ts';

const ana: Actor = { kind: 'person', id: 'ana', name: 'ana' };
const catalog = catalogOf(taskTypes);
let folder: string;
let files: string;
let site: ExampleSite;
let stores: Backends;
let conductor: Conductor;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-examples-'));
  files = join(folder, 'files');
  site = await startExampleSite({ filesFolder: files, dataFolder: folder, port: 0 });
  stores = await openBackends({ databaseUrl: `file:${join(folder, 'w.db')}`, prismaFolder: join(import.meta.dirname, '../../../prisma') });
  const world = {
    files: new FilesRoot(files),
    http: new HttpClient([site.place]),
    commands: 'off' as const,
    jobs: launchedJobs(stores, () => conductor),
  };
  const runner = inProcessRunner({ catalog, world, secrets: { resolve: async () => undefined }, log: () => {} });
  conductor = startConductor({
    ...stores,
    typeOf: typesFromCatalog(catalog),
    runner,
    clock: systemClock,
    conductor: { id: 'c', name: 'c' },
  });
});
afterEach(async () => {
  await conductor.stop();
  await stores.close();
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(example: string): Promise<string> {
  const document = readFileSync(join(import.meta.dirname, '../../../examples', example, 'flow.json'), 'utf8').replaceAll(
    '{{siteUrl}}',
    site.origin,
  );
  const descriptors = new Map(taskTypes.map((type) => [type.type, describeTask(type)]));
  const { definition, problems } = validateDefinition(JSON.parse(document), (type) => descriptors.get(type));
  expect(problems).toEqual([]);
  if (definition === null) throw new Error('not a definition');
  const { id, revision } = await stores.flows.create(definition, ana, 1);
  await stores.flows.publish({ flow: id, revision, note: '' }, ana, 2);
  return id;
}

async function launch(flow: string, inputs: JsonObject): Promise<string> {
  const posted = await conductor.launch({ flow, version: 1, inputs, priority: 0, actor: ana, key: null });
  if (posted.kind !== 'posted') throw new Error(JSON.stringify(posted));
  return posted.job;
}

async function settled(job: string): Promise<string> {
  await expect.poll(async () => (await stores.board.get(job))?.state).not.toMatch(/CLAIMED/);
  return (await stores.board.get(job))?.run ?? '';
}

async function rollBack(job: string, choice: RollbackChoice): Promise<string> {
  const { hash } = await conductor.plan(job, choice);
  expect(await conductor.act(job, { kind: 'ROLL_BACK', reason: 'test', choice, hash }, ana)).toMatchObject({ kind: 'done' });
  return settled(job);
}

/** An archive of a site with that many pages, as a build would make it. */
async function buildSite(version: string, pages: number): Promise<string> {
  const tar = pack();
  tar.entry({ name: 'index.html' }, `<h1>${version}</h1><footer>Harbour Lights</footer>`);
  for (let page = 1; page < pages; page += 1) tar.entry({ name: `pages/${page % 10}/page-${page}.html` }, `<p>${version} page ${page}</p>`);
  tar.finalize();
  mkdirSync(join(files, 'site/inbox'), { recursive: true });
  writeFileSync(join(files, `site/inbox/${version}.tar.gz`), await buffer(tar.pipe(createGzip())));
  return `site/inbox/${version}.tar.gz`;
}

/** Every file with its content, without what tasks keep for themselves. */
function picture(): { [path: string]: string } {
  const found = readdirSync(files, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));
  const own = found.filter((path) => !relative(files, path).startsWith('.windlass'));
  return Object.fromEntries(
    own.map((path) => [relative(files, path), statSync(path).isFile() ? readFileSync(path, 'utf8') : realpathSync(path)]),
  );
}

const served = async (path = '/') => (await fetch(site.origin + path)).text();

describe('Release a site', () => {
  it('releases 240 files, goes back by itself when the check fails, and rolls one task back with what depends on it', async () => {
    const flow = await publish('release-a-site');
    const first = await launch(flow, { version: 'one', archive: await buildSite('one', 240) });
    expect(await settled(first)).toBe('SUCCESS');
    expect(await served()).toContain('<h1>one</h1>');
    expect(await served('/pages/7/page-7.html')).toContain('one page 7');
    const hooks = (await (await fetch(`${site.origin}/hook`)).json()) as unknown[];
    expect(hooks).toHaveLength(1);

    const archive = await buildSite('two', 240);
    const before = picture();
    const second = await launch(flow, { version: 'two', archive, expect: 'a text that is not there' });
    expect(await settled(second)).toBe('REVERTED');
    expect(await stores.board.get(second)).toMatchObject({ forward: 'failed at Check the site' });
    expect(picture()).toEqual(before);
    expect(await served()).toContain('<h1>one</h1>');

    const third = await launch(flow, { version: 'two', archive });
    expect(await settled(third)).toBe('SUCCESS');
    expect(await served()).toContain('<h1>two</h1>');
    expect(await rollBack(third, { kind: 'atoms', atoms: ['switch_link'], leaveOut: [] })).toBe('PARTIALLY_REVERTED');
    expect(await served()).toContain('<h1>one</h1>');
    expect(existsSync(join(files, 'site/releases/two/index.html'))).toBe(true);
    expect((await (await fetch(`${site.origin}/hook`)).json()) as unknown[]).toHaveLength(1);

    expect(await rollBack(third, { kind: 'job' })).toBe('REVERTED');
    expect(await rollBack(first, { kind: 'job' })).toBe('REVERTED');
    expect(existsSync(join(files, 'site/releases'))).toBe(false);
    expect(existsSync(join(files, 'site/current'))).toBe(false);
  });
});

describe('Prepare environments', () => {
  it('runs its branches, and everything goes back', async () => {
    const flow = await publish('prepare-environments');
    const before = picture();
    const job = await launch(flow, {});
    expect(await settled(job)).toBe('SUCCESS');
    expect(readFileSync(join(files, 'environments/atlas/index.txt'), 'utf8')).toBe('dev\ntest\nprod\n');
    expect(readFileSync(join(files, 'environments/atlas/OWNER'), 'utf8')).toBe('platform\n');
    expect(await rollBack(job, { kind: 'job' })).toBe('REVERTED');
    expect(picture()).toEqual(before);
  });
});
