// Whole servers on one PostgreSQL, where one is installed: one of them dies and the other goes on with its jobs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, JobRow } from '@windlass/engine/run';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPostgres, type Postgres, startPostgres } from '../../../prisma/testing/postgres.ts';
import { launch, publish } from './testing/flows.ts';
import { killRounds } from './testing/kill-rounds.ts';
import { type WebhookReceiver, startWebhook } from './testing/receivers.ts';
import { type Client, signIn } from './testing/requests.ts';
import { ServerProcess, newFolder } from './testing/server-process.ts';

const programs = findPostgres();
let postgres: Postgres;
const { path, remove } = newFolder();

const environment = (database: string) => ({
  WINDLASS_EXAMPLES: 'off',
  WINDLASS_PORT: '0',
  WINDLASS_DATA: path,
  WINDLASS_DATABASE_URL: postgres.url(database),
});

const sites: WebhookReceiver[] = [];

/** A task that runs for as long as its site says 404, so that a job is in its middle however fast the machine is. */
async function waitingTask() {
  const site = await startWebhook();
  site.answer = { status: 404 };
  sites.push(site);
  const { host, origin } = new URL(site.url);
  return {
    task: { type: 'url.check', parameters: { url: `${origin}/`, everyMs: 100, forMs: 3_600_000 } },
    allow: { WINDLASS_HTTP_ALLOW: host },
    finish: () => {
      site.answer = { status: 200 };
    },
  };
}

describe.skipIf(programs === null)('on PostgreSQL', () => {
  beforeAll(async () => {
    postgres = startPostgres(programs ?? '');
    await postgres.query('postgres', 'CREATE DATABASE pair');
    await postgres.query('postgres', 'CREATE DATABASE kills');
  });
  afterAll(async () => {
    for (const site of sites) await site.close();
    postgres.stop();
    remove();
  });

  it('J4, L4: a server is killed in the middle of its jobs, and another finishes them and shows all of it', async () => {
    const { task, allow, finish } = await waitingTask();
    const start = () => new ServerProcess({ ...environment('pair'), ...allow }, { bundled: true });
    const [first, second] = [start(), start()];
    const [here, there] = [await signIn(await first.ready()), await signIn(await second.ready())];
    const write = (index: number) => ({ type: 'file.write', parameters: { path: `pair-${index}.txt`, content: 'done' } });
    const tasks = Array.from({ length: 200 }, (_, index) => write(index));
    const flow = await publish(here, [...tasks.slice(0, 100), task, ...tasks.slice(100)]);
    const jobs = await Promise.all([launch(here, flow)]);
    const rowOf = async (client: Client, job: string) => (await client.get<{ row: JobRow }>('jobs.get', { job })).row;
    await vi.waitFor(async () => {
      for (const job of jobs) expect(await rowOf(there, job)).toMatchObject({ state: 'CLAIMED', run: 'RUNNING' });
    }, 240_000);
    const owners = await Promise.all(jobs.map(async (job) => (await rowOf(there, job)).owner ?? ''));
    const isFirst = owners[0]?.includes(`-${first.child.pid}-`) === true;
    const [victim, survivor, client] = isFirst ? [first, second, there] : [second, first, here];
    const killed = performance.now();
    await victim.stop('SIGKILL');
    finish();
    await vi.waitFor(async () => {
      for (const job of jobs) expect(await rowOf(client, job)).toMatchObject({ state: 'COMPLETE', run: 'SUCCESS' });
    }, 240_000);
    console.log(`finished by the other server ${((performance.now() - killed) / 1_000).toFixed(1)} s after the kill`);
    expect(existsSync(join(path, 'files/pair-199.txt'))).toBe(true);
    // The job that the dead server had was taken up by the living one, in the same logbook.
    const entries = await client.get<Entry[]>('logbook.page', { job: jobs[0], limit: 500 });
    const claimers = entries.flatMap((entry) => (entry.kind === 'JOB' && entry.to === 'CLAIMED' ? [entry.actor.id] : []));
    expect(new Set(claimers).size).toBe(2);
    expect(await survivor.stop('SIGTERM')).toBe(0);
  });

  it('B4: an act on a job that another server drives reaches it, and is answered when it is done', async () => {
    await postgres.query('postgres', 'CREATE DATABASE acts');
    const { task, allow, finish } = await waitingTask();
    const servers = [1, 2].map(() => new ServerProcess({ ...environment('acts'), ...allow }, { bundled: true }));
    const clients = await Promise.all(servers.map(async (server) => signIn(await server.ready())));
    const [here, there] = clients as [Client, Client];
    const write = (index: number) => ({ type: 'file.write', parameters: { path: `acts-${index}.txt`, content: 'x' } });
    const job = await launch(here, await publish(here, [write(0), task, write(1)]));
    const rowOf = async () => (await there.get<{ row: JobRow }>('jobs.get', { job })).row;
    await vi.waitFor(async () => expect((await rowOf()).state).toBe('CLAIMED'), 240_000);
    const owner = (await rowOf()).owner ?? '';
    const other = owner.includes(`-${servers[0]?.child.pid}-`) ? there : here;
    expect(await other.do('jobs.suspend', { job, reason: 'from the other server' })).toMatchObject({ kind: 'done' });
    finish();
    await vi.waitFor(async () => expect((await rowOf()).run).toBe('SUSPENDED'), 240_000);
    const acts = (await other.get<Entry[]>('logbook.page', { job, before: 1_000_000, limit: 500 })).filter(({ kind }) => kind === 'ACT');
    expect(acts).toMatchObject([{ act: 'SUSPEND', reason: 'from the other server', actor: { kind: 'person' } }]);
    expect(await other.do('jobs.suspend', { job, reason: '' })).toMatchObject({ kind: 'refused', code: 'ACT_REFUSED' });
    for (const server of servers) expect(await server.stop('SIGTERM')).toBe(0);
  });

  it('A2, A3, J1, L1: 50 rounds of SIGKILL lose nothing, repeat no result, and leave the files as the logbook says', async () => {
    // Only a second after a start is it certain that the conductor before is dead.
    const report = await killRounds(environment('kills'), { filesFolder: join(path, 'files'), longestMs: 2_600 });
    console.log(`kill rounds, PostgreSQL: ${JSON.stringify(report)}`);
    expect(report.jobs).toBeGreaterThan(50);
    expect(report.claims).toBeGreaterThan(report.jobs + 10);
    expect(report.deadLettered).toBeLessThan(report.jobs / 4);
  }, 900_000);
});
