// S4, J6, B2: a job with hundreds of outputs of 1 MB runs, is opened, survives its server and is rolled back with little
// memory. WINDLASS_OUTPUTS sets how many.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Client, signIn } from './testing/requests.ts';
import { ServerProcess, newFolder } from './testing/server-process.ts';

const OUTPUTS = Number(process.env['WINDLASS_OUTPUTS'] ?? 200);
const HEAP_MB = 128;
const TEXT = 1_000_000;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** Gives a text of 1 MB. Its revert, and each task with the text as an input, records how much of it arrived. */
const big = (notes: string) => `
  import { defineTask } from '@windlass/engine';
  import { appendFileSync } from 'node:fs';
  import { z } from 'zod';
  const note = (line) => appendFileSync(${JSON.stringify(notes)}, line + '\\n');
  export default defineTask({
    type: 'own.big', version: 1, title: 'Big', summary: 'Gives a large text.', icon: 'box', group: 'Own',
    input: z.object({ given: z.string().default('') }), output: z.object({ text: z.string() }), repeatable: true,
    effects: { kind: 'reversible', undo: 'notes what it got' },
    async apply({ given }, { idempotencyKey }) {
      if (given !== '') note('apply ' + given.length);
      return { text: idempotencyKey.padEnd(${TEXT}, '.') };
    },
    async revert({ output }) { note('revert ' + output.text.length); },
  });
`;

/** OUTPUTS tasks, ten at a time, then one that gets the text of the first. */
function document(): string {
  const task = (id: string, more: object = {}) => ({ kind: 'task', id, name: id, type: 'own.big', ...more });
  const tasks = Array.from({ length: OUTPUTS }, (_, index) => task(`t${index}`));
  const together = { kind: 'flow', id: 'together', name: 'Together', pattern: 'unordered', limit: 10, items: tasks };
  const last = task('last', { bindings: { given: { from: 'output', item: 't0', path: 'text' } } });
  return JSON.stringify({
    schemaVersion: 1,
    name: 'Large outputs',
    root: { kind: 'flow', id: 'root', name: 'Root', pattern: 'linear', items: [together, last] },
  });
}

async function publish(client: Client): Promise<string> {
  const imported = await client.do<{ kind: string; flow: string }>('flows.import', { document: document() });
  expect(imported).toMatchObject({ kind: 'imported' });
  const { revision } = await client.get<{ revision: number }>('flows.draft', { flow: imported.flow });
  expect(await client.do('flows.publish', { flow: imported.flow, revision })).toMatchObject({ kind: 'published' });
  return imported.flow;
}

test(`${OUTPUTS} outputs of 1 MB run, are looked at and rolled back with a heap of ${HEAP_MB} MB`, async () => {
  const { path, remove } = newFolder();
  cleanUp.push(remove);
  const notes = join(path, 'notes');
  mkdirSync(join(path, 'tasks'));
  writeFileSync(join(path, 'tasks/big.ts'), big(notes));
  const start = () => {
    const own = { WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', WINDLASS_DATA: join(path, 'data'), WINDLASS_TASKS: join(path, 'tasks') };
    const server = new ServerProcess({ ...own, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
    cleanUp.push(() => server.stop());
    return server;
  };
  const lines = () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []);
  const first = start();
  const client = await signIn(await first.ready());
  const flow = await publish(client);
  const { job } = await client.do<{ job: string }>('jobs.launch', { flow, version: 1, inputs: {} });
  const runOf = async (one: Client) =>
    (await one.get<{ row: { state: string; run: string } }>('jobs.row', { job })) as unknown as { state: string; run: string };
  await expect.poll(async () => (await runOf(client)).state, { timeout: 240_000 }).toBe('COMPLETE');
  expect((await runOf(client)).run).toBe('SUCCESS');
  expect(lines()).toEqual([`apply ${TEXT}`]);

  await first.stop('SIGKILL');
  const second = start();
  const later = await signIn(await second.ready());
  const page = await later.get<{ snapshot: { atoms: { atom: string; outputAt?: object }[] } }>('jobs.get', { job });
  expect(JSON.stringify(page).length).toBeLessThan(2_000_000);
  const outputAt = page.snapshot.atoms.find(({ atom }) => atom === 't0')?.outputAt;
  const { value } = await later.get<{ value: { text: string } }>('logbook.value', { job, at: outputAt });
  expect([value.text.length, value.text.startsWith(`${job}/t0/1`)]).toEqual([TEXT, true]);
  const nowhere = { job, at: { entry: 1, field: 'output', size: 1 } };
  await expect(later.get('logbook.value', nowhere)).rejects.toThrow(`Entry 1 of ${job} has no output.`);
  const entries = await later.get<object[]>('logbook.page', { job, after: 0, limit: 500 });
  expect(JSON.stringify(entries).length).toBeLessThan(1_000_000);
  const plan = await later.get<{ hash: string; reverts: number }>('rollback.plan', { job, choice: { kind: 'job' } });
  expect(plan.reverts).toBe(OUTPUTS + 1);
  expect(await later.do('rollback.confirm', { job, choice: { kind: 'job' }, hash: plan.hash, reason: 'too large' })).toMatchObject({
    kind: 'done',
  });
  await expect.poll(async () => (await runOf(later)).state, { timeout: 240_000 }).toBe('COMPLETE');
  expect((await runOf(later)).run).toBe('REVERTED');
  expect(lines().slice(1)).toEqual(Array.from({ length: OUTPUTS + 1 }, () => `revert ${TEXT}`));
  expect([first.errors, second.errors].join('')).not.toMatch(/heap|dead-letter/);
}, 600_000);
