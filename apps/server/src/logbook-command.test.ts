// L1, L3: the command as people give it, beside a real server and on what it left behind.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Entry } from '@windlass/engine/run';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launch, publish } from './testing/flows.ts';
import { type Client, send, signIn } from './testing/requests.ts';
import { ServerProcess, newFolder } from './testing/server-process.ts';

const home = resolve(import.meta.dirname, '../../..');
const { path: data, remove } = newFolder();
let server: ServerProcess;
let client: Client;
let job: string;
let waiting: string;

beforeAll(async () => {
  server = new ServerProcess({ WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', WINDLASS_DATA: data });
  client = await signIn(await server.ready());
  const values = (text: string) => ({ type: 'values.set', parameters: { values: { text } } });
  job = await launch(client, await publish(client, [values('one'), values('two')]));
  waiting = await launch(client, await publish(client, [{ type: 'delay', parameters: { ms: 3_600_000 } }]));
  const run = async (id: string) => (await client.get<{ row: { state: string } }>('jobs.get', { job: id })).row.state;
  await vi.waitFor(async () => expect(await run(job)).toBe('COMPLETE'), 240_000);
  await vi.waitFor(async () => expect(await run(waiting)).toBe('WAITING'), 240_000);
});
afterAll(async () => {
  await server.stop();
  remove();
});

function logbook(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, 'scripts/logbook.mjs'), ...args], {
    cwd: data,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', INIT_CWD: data, WINDLASS_DATA: data },
    encoding: 'utf8',
  });
  return { status, out: stdout.trim().split('\n'), stderr };
}

/** By the driver, past everything that keeps a database whole. */
function change(sql: string): void {
  const program = "new (require('libsql'))(process.argv[1]).exec(process.argv[2])";
  const args = ['-e', program, join(data, 'windlass.db'), sql];
  expect(spawnSync(process.execPath, args, { cwd: join(home, 'packages/backends') }).status).toBe(0);
}

it('L3: verifies beside a running server, and what it exports is what the API serves', async () => {
  const { status, out } = logbook('verify');
  expect([status, out.at(-1)]).toEqual([0, expect.stringMatching(/^2 logbooks, \d+ records, \d+ entries: all as they were written\.$/)]);
  expect(logbook('export', job, 'job.jsonl').status).toBe(0);
  const file = readFileSync(join(data, 'job.jsonl'), 'utf8');
  const served = await client.raw({ path: `/export/logbook/${job}` });
  expect([served.status, served.text, served.headers['content-disposition']]).toEqual([200, file, `attachment; filename="${job}.jsonl"`]);
  const entries = file.trim().split('\n').slice(1);
  const page = await client.get<Entry[]>('logbook.page', { job, limit: 500 });
  expect(entries.map((line) => ({ ...JSON.parse(line), hash: undefined }))).toEqual(page.map((entry) => ({ ...entry, hash: undefined })));
  expect(logbook('verify', '--file', 'job.jsonl').status).toBe(0);
  writeFileSync(join(data, 'other.jsonl'), file.replace('"two"', '"three"'));
  expect(logbook('verify', '--file', 'other.jsonl')).toMatchObject({
    status: 1,
    out: expect.arrayContaining([expect.stringContaining(job)]),
  });
  // A file that is there is not written over.
  expect(logbook('export', job, 'job.jsonl').status).toBe(1);
});

it('L3: is served only to who is signed in, and only for a job that is there', async () => {
  expect((await send(client.origin, { path: `/export/logbook/${job}` })).status).toBe(401);
  expect((await client.raw({ path: '/export/logbook/job_aaaaaaaaaaaa' })).status).toBe(404);
});

it('L1: finds rows and records that were changed by hand, mends the rows, and takes the database for itself to do so', async () => {
  expect(logbook('rebuild', '--check')).toMatchObject({ status: 0, out: ['2 jobs: all agree with their logbooks.'] });
  const refused = logbook('rebuild');
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('Another Windlass is running')]);
  await server.stop();
  change(`UPDATE job SET run = 'FAILURE', forward = 'failed at nothing' WHERE id = '${job}'`);
  change(`UPDATE job SET wake_at = NULL WHERE id = '${waiting}'`);
  const checked = logbook('rebuild', '--check');
  expect(checked.status).toBe(1);
  expect(checked.out).toEqual([
    `${job}: run is FAILURE in its row, but SUCCESS in its logbook.`,
    `${job}: forward is failed at nothing in its row, but succeeded in its logbook.`,
    expect.stringMatching(new RegExp(`^${waiting}: wakeAt is null in its row, but \\d+ in its logbook\\.$`)),
    '2 jobs: 2 do not agree.',
  ]);
  expect(logbook('rebuild')).toMatchObject({ status: 0, out: expect.arrayContaining(['2 jobs: 2 did not agree.']) });
  expect(logbook('rebuild', '--check').status).toBe(0);
  change(`UPDATE logbook_record SET body = replace(body, '"two"', '"three"')`);
  const verified = logbook('verify', job);
  expect(verified.status).toBe(1);
  expect(verified.out[0]).toMatch(new RegExp(`^${job}: Entr.* not as .* written, or what stood before is another\\.$`));
  change(`UPDATE logbook_record SET hash = NULL WHERE first > 1`);
  expect(logbook('verify', job)).toMatchObject({
    status: 1,
    out: expect.arrayContaining([expect.stringMatching(/without (its|their) hash\.$/)]),
  });
});

it('says what it takes, and what is not there', () => {
  expect(logbook()).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run logbook -- verify') });
  expect(logbook('export', 'job_aaaaaaaaaaaa')).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no job') });
});
