// L3: a logbook whose records are not those that were written is found out, and is told where.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderOf, startEntry } from '@windlass/engine/testing';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backends } from '../backends.ts';
import { openBackends, openForReading } from '../open-backends.ts';
import { logbookLines, verifyLines } from './logbook-file.ts';
import { recordsOf } from './record-source.ts';
import { verifyChain } from './verify-chain.ts';

const prismaFolder = join(import.meta.dirname, '../../../../prisma');
let folder: string;
let databaseUrl: string;
let stores: Backends;
let job: string;

/** A job with entries 1, 2, 3 and 4 to 5, of which the store forgets what it knew in between. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-chain-'));
  databaseUrl = `file:${join(folder, 'w.db')}`;
  stores = await openBackends({ databaseUrl, prismaFolder });
  ({ job } = await stores.board.post(orderOf(), 1));
  await stores.board.claim('c1', 1, 1);
  await stores.logbook.commit({ job, token: 1, entries: [startEntry(2, 1)] });
  await stores.board.releaseAll(2);
  await stores.board.claim('c2', 1, 2);
  await stores.logbook.commit({ job, token: 2, entries: [startEntry(3, 2)] });
  await stores.logbook.commit({ job, token: 2, entries: [startEntry(4, 2), startEntry(5, 2)] });
});
afterEach(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

function change(sql: string): void {
  const other = new Database(join(folder, 'w.db'));
  other.exec(sql);
  other.close();
}

/** As another process reads it, beside the one that writes. */
async function verify() {
  const reading = await openForReading(databaseUrl);
  const recorded = await reading.records.job(job);
  if (recorded === undefined) throw new Error('no such job');
  const report = await verifyChain(job, recordsOf(reading.records, recorded));
  await reading.close();
  return report;
}

async function exported(): Promise<string[]> {
  const recorded = await stores.records.job(job);
  if (recorded === undefined) throw new Error('no such job');
  const lines: string[] = [];
  for await (const line of logbookLines(recorded, recordsOf(stores.records, recorded))) lines.push(line.trimEnd());
  return lines;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('L3: the records of a logbook', () => {
  it('are chained across claims and commits of several entries', async () => {
    expect(await verify()).toEqual({ records: 4, entries: 5, unchained: 0, findings: [] });
  });

  it.each([
    [
      'a changed word',
      "UPDATE logbook_record SET body = replace(body, 'RUNNING', 'SUCCESS') WHERE first = 3",
      ['Entry 3 is not as it was written, or what stood before is another.'],
    ],
    ['a record taken out', 'DELETE FROM logbook_record WHERE first = 2', ['Entry 2 is missing.']],
    [
      'a record that says another length',
      'UPDATE logbook_record SET last = 6 WHERE first = 4',
      ['Entries 4 to 6 are said to be 3 and 2 are there.'],
    ],
    [
      'a broken body and its hash with it',
      "UPDATE logbook_record SET body = '{' WHERE first = 4",
      [
        'Entries 4 to 5 are not as they were written, or what stood before is another.',
        expect.stringContaining('cannot be read at entry 4'),
      ],
    ],
    [
      'a hash put in its place',
      "UPDATE logbook_record SET hash = x'00112233445566778899aabbccddeeff' WHERE first = 2",
      [
        'Entry 2 is not as it was written, or what stood before is another.',
        'Entry 3 is not as it was written, or what stood before is another.',
      ],
    ],
    ['all of it taken out', 'DELETE FROM logbook_record', ['There is no entry at all.']],
  ])('%s is found', async (_, sql, findings) => {
    change(sql);
    expect((await verify()).findings).toEqual(findings);
  });

  it('of a database from before the chain are chained when it is opened', async () => {
    await stores.close();
    change(`ALTER TABLE logbook_record DROP COLUMN hash; DELETE FROM _prisma_migrations WHERE migration_name = '0003_hash_chain'`);
    stores = await openBackends({ databaseUrl, prismaFolder });
    expect(await verify()).toEqual({ records: 4, entries: 5, unchained: 0, findings: [] });
    await stores.board.releaseAll(3);
    await stores.board.claim('c3', 1, 3);
    await stores.logbook.commit({ job, token: 3, entries: [startEntry(6, 3)] });
    expect(await verify()).toMatchObject({ entries: 6, findings: [] });
  });

  it('that were written before the chain are counted, not vouched for', async () => {
    change('UPDATE logbook_record SET hash = NULL');
    expect(await verify()).toEqual({ records: 4, entries: 5, unchained: 5, findings: [] });
    await stores.board.releaseAll(3);
    await stores.board.claim('c3', 1, 3);
    await stores.logbook.commit({ job, token: 3, entries: [startEntry(6, 3)] });
    expect(await verify()).toEqual({ records: 5, entries: 6, unchained: 5, findings: [] });
  });

  it('that are changed do not pass by losing their hash', async () => {
    change("UPDATE logbook_record SET hash = NULL, body = replace(body, 'RUNNING', 'SUCCESS') WHERE first = 4");
    expect((await verify()).findings).toEqual(['Entries 4 to 5 are without their hash.']);
    change('UPDATE logbook_record SET hash = NULL WHERE first = 2');
    const { findings, unchained } = await verify();
    expect([findings.at(0), unchained]).toEqual(['Entry 2 is without its hash.', 0]);
  });
});

describe('L3: an exported logbook', () => {
  it('is a line that says what it is, and every entry in full', async () => {
    const [header, ...entries] = (await exported()).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(header).toEqual({ format: 'windlass-logbook', formatVersion: 1, job, flow: 'flow_x', flowName: 'x', version: 1 });
    expect(entries.map(({ hash: _, ...entry }) => entry)).toEqual(await stores.logbook.read(job, { after: 0, limit: 10 }));
    expect(entries.map(({ hash }) => typeof hash)).toEqual(['string', 'string', 'string', 'undefined', 'string']);
  });

  it('is verified by itself, also with another line ending', async () => {
    expect(await verifyLines(each(await exported()))).toEqual({ job, records: 4, entries: 5, unchained: 0, findings: [] });
  });

  it.each([
    ['a changed word', (lines: string[]) => lines.with(3, lines[3]?.replace('RUNNING', 'SUCCESS') ?? '')],
    ['a changed time', (lines: string[]) => lines.with(5, lines[5]?.replace(/"time":\d+/, '"time":7') ?? '')],
    ['a changed token that only the line shows', (lines: string[]) => lines.with(5, lines[5]?.replace('"token":2', '"token":9') ?? '')],
    ['a line taken out', (lines: string[]) => lines.toSpliced(4, 1)],
    ['a line that stands twice', (lines: string[]) => lines.toSpliced(3, 0, lines[3] ?? '')],
    ['two lines in each other’s place', (lines: string[]) => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '')],
    ['a hash taken out', (lines: string[]) => lines.with(2, lines[2]?.replace(/,"hash":"\w+"/, '') ?? '')],
  ])('with %s does not verify', async (_, tamper) => {
    const lines = await exported();
    const changed = tamper(lines);
    expect(changed).not.toEqual(lines);
    expect((await verifyLines(each(changed))).findings).not.toEqual([]);
  });

  it.each([
    ['nothing', [], /no exported logbook/],
    ['another file', ['{"name":"x"}'], /no exported logbook/],
    ['text', ['hello'], /Line 1 is not JSON/],
  ])('that is %s is refused with a sentence', async (_, lines, words) => {
    await expect(verifyLines(each(lines))).rejects.toThrow(words);
  });

  it('with a line that holds no entry says which', async () => {
    const lines = await exported();
    await expect(verifyLines(each(lines.with(2, '7')))).rejects.toThrow('Line 3 is no entry.');
    await expect(verifyLines(each(lines.with(2, '{"hash":"x"}')))).rejects.toThrow(
      'The entries up to line 3 are none that Windlass writes.',
    );
  });
});
