// Jobs that change real files, carried out by a server that is killed again and again (SIGKILL), and what must hold of
// them in the end: nothing that was acknowledged is lost, no result stands twice, and the files are as the logbook says.
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Entry, JobRow, RunSnapshot } from '@windlass/engine/run';
import { expect } from 'vitest';
import { type Client, signIn } from './requests.ts';
import { ServerProcess } from './server-process.ts';

const ROUNDS = 50;
/** On a slow machine a kill often comes before an answer, so more rounds are needed for enough jobs. */
const MOST_ROUNDS = 200;
const LEAST_JOBS = 60;
const FILES = [0, 1, 2, 3, 4, 5];
const text = (cel: string) => ({ from: 'expression', cel });
const write = (id: string, path: string) => ({
  kind: 'task',
  id,
  name: id,
  type: 'file.write',
  parameters: { content: id },
  bindings: { path: text(path) },
});

/** A folder, six files together, a link to it; at the end a file that cannot be written where `fail` is set. */
const DOCUMENT = {
  schemaVersion: 1,
  name: 'Kill rounds',
  inputs: { type: 'object', properties: { name: { type: 'string' }, fail: { type: 'boolean' } }, required: ['name', 'fail'] },
  root: {
    kind: 'flow',
    id: 'root',
    name: 'Kill rounds',
    pattern: 'linear',
    items: [
      { kind: 'task', id: 'folder', name: 'folder', type: 'folder.create', bindings: { path: text('inputs.name') } },
      {
        kind: 'flow',
        id: 'files',
        name: 'files',
        pattern: 'unordered',
        limit: 3,
        items: FILES.map((index) => write(`file_${index}`, `inputs.name + "/${index}"`)),
      },
      {
        kind: 'task',
        id: 'link',
        name: 'link',
        type: 'link.switch',
        bindings: { path: text('"link-" + inputs.name'), target: text('inputs.name') },
      },
      write('last', 'inputs.fail ? inputs.name + "/absent/last" : inputs.name + "/last"'),
    ],
  },
};

/** What the server has said and may not go back on. */
interface Acknowledged {
  readonly posted: Map<string, { readonly name: string; readonly fail: boolean }>;
  readonly rolledBack: Set<string>;
}

/** Counts for the record. */
export interface KillReport {
  readonly jobs: number;
  readonly rolledBack: number;
  readonly claims: number;
  readonly deadLettered: number;
}

/** Kills the server in the middle of its work, 50 times, at the latest `longestMs` after a start; then lets it finish and compares. */
export async function killRounds(
  environment: { readonly [name: string]: string },
  { filesFolder, longestMs }: { readonly filesFolder: string; readonly longestMs: number },
): Promise<KillReport> {
  const start = () => new ServerProcess({ WINDLASS_EXAMPLES: 'off', WINDLASS_PORT: '0', ...environment }, { bundled: true });
  const known: Acknowledged = { posted: new Map(), rolledBack: new Set() };
  let server = start();
  let client = await signIn(await server.ready());
  const flow = await publish(client);
  for (let round = 0; round < ROUNDS || (known.posted.size < LEAST_JOBS && round < MOST_ROUNDS); round += 1) {
    await fewAreOpen(client);
    const work = burst(client, { flow, round, known }).catch(() => undefined);
    // Early kills hit the taking up of claims, late ones forward steps and rollbacks.
    await pause((round * 137) % longestMs);
    await server.stop('SIGKILL');
    await work;
    server = start();
    client = await signIn(await server.ready());
  }
  const jobs = await settled(client);
  const report = await check(client, { jobs, known, filesFolder });
  expect(await server.stop('SIGTERM')).toBe(0);
  return report;
}

async function publish(client: Client): Promise<string> {
  const { flow } = await client.do<{ flow: string }>('flows.import', { document: JSON.stringify(DOCUMENT) });
  const published = await client.do<{ kind: string }>('flows.publish', { flow, revision: 1, note: '' });
  expect(published.kind).toBe('published');
  return flow;
}

/** Waits while much is left of earlier rounds: jobs that never get their turn would be dead-lettered (J4). */
async function fewAreOpen(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.get<{ rows: JobRow[] }>('jobs.list', { states: ['UNCLAIMED', 'CLAIMED', 'WAITING'], attention: false });
    if (rows.length <= 4) return;
    await pause(50);
  }
}

/** Posts three jobs, one of which will fail, and rolls back jobs that have succeeded. A request without an answer does not count. */
async function burst(client: Client, { flow, round, known }: { flow: string; round: number; known: Acknowledged }): Promise<void> {
  const posting = [0, 1, 2].map(async (index) => {
    const inputs = { name: `job-${round}-${index}`, fail: index === 1 };
    const answer = await client.do<{ kind: string; job: string }>('jobs.launch', { flow, version: 1, inputs });
    if (answer.kind === 'posted') known.posted.set(answer.job, inputs);
  });
  const rollingBack = [...known.posted.keys()].slice(-12).map(async (job) => {
    const choice = { kind: 'job' };
    const row = await client.get<{ row: JobRow }>('jobs.get', { job });
    if (row.row.run !== 'SUCCESS' || Number(job.charCodeAt(5)) % 2 === 0) return;
    const { hash } = await client.get<{ hash: string }>('rollback.plan', { job, choice });
    const answer = await client.do<{ kind: string }>('rollback.confirm', { job, choice, hash, reason: 'a kill round' });
    if (answer.kind === 'done') known.rolledBack.add(job);
  });
  await Promise.allSettled([...posting, ...rollingBack]);
}

async function settled(client: Client): Promise<JobRow[]> {
  for (;;) {
    const rows: JobRow[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: { rows: JobRow[]; next: string | null } = await client.get('jobs.list', { limit: 200, ...(cursor ? { cursor } : {}) });
      rows.push(...page.rows);
      cursor = page.next;
    }
    if (rows.every(({ state, attention }) => state === 'COMPLETE' || attention !== null)) return rows;
    await pause(100);
  }
}

async function check(
  client: Client,
  { jobs, known, filesFolder }: { jobs: readonly JobRow[]; known: Acknowledged; filesFolder: string },
): Promise<KillReport> {
  const byId = new Map(jobs.map((row) => [row.id, row]));
  for (const [job, { fail }] of known.posted) {
    const row = byId.get(job);
    expect(row, `J1: ${job} was acknowledged`).toBeDefined();
    if (row?.attention !== null) continue;
    const wanted = fail || known.rolledBack.has(job) ? 'REVERTED' : 'SUCCESS';
    // A rollback that was under way when the server was killed may have been recorded without being answered.
    if (wanted === 'SUCCESS') expect(['SUCCESS', 'REVERTED'], `A2: ${job}`).toContain(row.run);
    else expect(row.run, `A2: ${job}`).toBe('REVERTED');
  }
  let claims = 0;
  for (const row of jobs) {
    const entries = await logbookOf(client, row.id);
    claims += entries.filter((entry) => entry.kind === 'JOB' && entry.to === 'CLAIMED').length;
    const ends = entries.flatMap((entry) =>
      entry.kind === 'ATOM' && (entry.to === 'SUCCESS' || entry.to === 'REVERTED') ? [`${entry.atom} ${entry.attempt} ${entry.to}`] : [],
    );
    expect(new Set(ends).size, `A3: a result of ${row.id} recorded twice`).toBe(ends.length);
    expect(
      entries.map(({ number }) => number),
      `L1: ${row.id}`,
    ).toEqual(entries.map((_, index) => index + 1));
    if (row.attention === null) await checkFiles(client, row, { entries, filesFolder });
  }
  const deadLettered = jobs.filter(({ attention }) => attention === 'dead_lettered').length;
  return { jobs: jobs.length, rolledBack: known.rolledBack.size, claims, deadLettered };
}

async function checkFiles(
  client: Client,
  row: JobRow,
  { entries, filesFolder }: { entries: readonly Entry[]; filesFolder: string },
): Promise<void> {
  const posted = entries[0];
  const name = posted?.kind === 'JOB' ? String(posted.data?.inputs?.['name']) : '';
  const { snapshot } = await client.get<{ snapshot: RunSnapshot }>('jobs.get', { job: row.id });
  const stands = (atom: string) => snapshot.atoms.find((one) => one.atom === atom)?.state === 'SUCCESS';
  for (const index of FILES) {
    const file = join(filesFolder, name, String(index));
    expect(existsSync(file), `${row.id} ${row.run}: ${file}`).toBe(stands(`file_${index}`));
    if (existsSync(file)) expect(readFileSync(file, 'utf8')).toBe(`file_${index}`);
  }
  expect(existsSync(join(filesFolder, name)), `${row.id} ${row.run}: its folder`).toBe(stands('folder'));
  const link = lstatSync(join(filesFolder, `link-${name}`), { throwIfNoEntry: false });
  expect(link !== undefined, `${row.id} ${row.run}: its link`).toBe(stands('link'));
  if (link !== undefined) expect(readlinkSync(join(filesFolder, `link-${name}`))).toBe(name);
}

async function logbookOf(client: Client, job: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await client.get<Entry[]>('logbook.page', { job, after: entries.length, limit: 500 });
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}
