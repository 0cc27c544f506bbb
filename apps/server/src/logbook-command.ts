// npm run logbook -- verify | export | rebuild: reads beside a running server. Only a rebuild that changes rows needs
// exclusive use of the database.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import {
  type Backends,
  type ReadingBackends,
  type RecordedJob,
  jobsOf,
  logbookLines,
  openBackends,
  openForReading,
  recordsOf,
  verifyChain,
  verifyLines,
} from '@windlass/backends';
import { type Checkpoint, EngineError, type JobChange, checkpointChecker, rowDifferences, rowRebuilder } from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { type TaskType, catalogOf } from '@windlass/engine/task';
import { type World, loadTaskModules, taskTypes } from '@windlass/tasks';
import { readConfiguration } from './env.ts';

const home = resolve(import.meta.dirname, '../../..');

const USAGE = `npm run logbook -- verify [JOB]           whether the records are those that were written
npm run logbook -- verify --file FILE     the same of an exported logbook
npm run logbook -- export JOB [FILE]      as JSON Lines, to the file or to standard output
npm run logbook -- rebuild --check [JOB]  whether lists and checkpoints agree with the logbook
npm run logbook -- rebuild [JOB]          the same, and mends it; on SQLite stop the server first`;

/** A command with wrong arguments. */
class UsageError extends Error {}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { file: { type: 'string' }, check: { type: 'boolean', default: false } },
  });
  const [command, job, file] = positionals;
  // A path is relative to the folder in which the command was started.
  const path = (name: string) => resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
  const { databaseUrl, tasksFolder } = readConfiguration(home);
  if (command === 'verify' && values.file !== undefined) return verifyFile(path(values.file));
  if (command === 'verify') return reading(databaseUrl, (stores) => verify(stores, job));
  if (command === 'export' && job !== undefined) {
    return reading(databaseUrl, (stores) => exportTo(stores, { job, file: file === undefined ? null : path(file) }));
  }
  if (command === 'rebuild' && values.check) return reading(databaseUrl, (stores) => rebuild(stores, { job, tasksFolder }));
  if (command === 'rebuild') {
    const stores = await openBackends({ databaseUrl, prismaFolder: join(home, 'prisma') });
    return rebuild(stores, { job, tasksFolder, mend: mendingBy(stores) }).finally(() => stores.close());
  }
  throw new UsageError(USAGE);
}

async function reading(databaseUrl: string, use: (stores: ReadingBackends) => Promise<boolean>): Promise<boolean> {
  const stores = await openForReading(databaseUrl);
  return use(stores).finally(() => stores.close());
}

/** The named job, or all jobs. */
async function* chosen({ records }: Pick<ReadingBackends, 'records'>, id: string | undefined): AsyncGenerator<RecordedJob> {
  if (id === undefined) return yield* jobsOf(records);
  const job = await records.job(id);
  if (job === undefined) throw new EngineError('JOB_UNKNOWN', `There is no job ${id}.`);
  yield job;
}

async function verify(stores: ReadingBackends, id: string | undefined): Promise<boolean> {
  let [jobs, records, entries, unchained, wrong] = [0, 0, 0, 0, 0];
  for await (const job of chosen(stores, id)) {
    const report = await verifyChain(job.id, recordsOf(stores.records, job));
    for (const finding of report.findings) console.log(`${job.id}: ${finding}`);
    jobs += 1;
    records += report.records;
    entries += report.entries;
    unchained += report.unchained;
    wrong += report.findings.length > 0 ? 1 : 0;
  }
  if (unchained > 0) console.log(`${unchained} entries were written before records were chained, and are taken as they are.`);
  console.log(
    `${jobs} logbooks, ${records} records, ${entries} entries: ${wrong === 0 ? 'all as they were written' : `${wrong} not as written`}.`,
  );
  return wrong === 0;
}

async function verifyFile(file: string): Promise<boolean> {
  const report = await verifyLines(createInterface({ input: createReadStream(file) }));
  for (const finding of report.findings) console.log(`${report.job}: ${finding}`);
  console.log(`${report.job}: ${report.entries} entries: ${report.findings.length === 0 ? 'all as they were written' : 'not as written'}.`);
  return report.findings.length === 0;
}

async function exportTo(
  stores: ReadingBackends,
  { job: id, file }: { readonly job: string; readonly file: string | null },
): Promise<boolean> {
  for await (const job of chosen(stores, id)) {
    const lines = Readable.from(logbookLines(job, recordsOf(stores.records, job)));
    await pipeline(lines, file === null ? process.stdout : createWriteStream(file, { flags: 'wx' }));
  }
  return true;
}

interface Rebuild {
  readonly job: string | undefined;
  readonly tasksFolder: string | null;
  readonly mend?: Mending;
}

interface Mending {
  row(job: string, change: JobChange): Promise<void>;
  checkpoint(job: string, right: Checkpoint): Promise<void>;
}

function mendingBy(stores: Backends): Mending {
  return {
    row: (job, change) => stores.setRow(job, change),
    checkpoint: (job, right) => stores.checkpoints.keep(job, right),
  };
}

/** The task types of the user's folder: only the type of a resource knows the atoms of its stages. */
async function ownTypes(tasksFolder: string | null): Promise<readonly TaskType<World>[]> {
  if (tasksFolder === null) return [];
  // Not in the folder that a running server uses.
  const into = await mkdtemp(join(tmpdir(), 'windlass-logbook-'));
  return loadTaskModules({ folder: tasksFolder, into, builtIn: taskTypes }).finally(() => rm(into, { recursive: true }));
}

async function rebuild(stores: Omit<ReadingBackends, 'close'>, { job: id, tasksFolder, mend }: Rebuild): Promise<boolean> {
  const catalog = catalogOf([...taskTypes, ...(await ownTypes(tasksFolder))]);
  const rebuilt = rowRebuilder({ ...stores, typeOf: typesFromCatalog(catalog) });
  const checked = checkpointChecker({ ...stores, typeOf: typesFromCatalog(catalog) });
  let [jobs, wrong] = [0, 0];
  for await (const { id: job } of chosen(stores, id)) {
    const row = await stores.board.get(job);
    if (row === undefined) continue;
    jobs += 1;
    const differences = await rebuilt(row).then(
      async (change) => {
        const found = rowDifferences(row, change);
        if (found.length > 0) await mend?.row(job, change);
        const wrong = await checked(row);
        if (wrong === null) return found;
        if (wrong.right !== null) await mend?.checkpoint(job, wrong.right);
        return [...found, wrong.because];
      },
      (thrown: unknown) => [thrown instanceof Error ? thrown.message : String(thrown)],
    );
    for (const difference of differences) console.log(`${job}: ${difference}`);
    wrong += differences.length > 0 ? 1 : 0;
  }
  const words = wrong === 0 ? 'all agree with their logbooks' : mend === undefined ? `${wrong} do not agree` : `${wrong} did not agree`;
  console.log(`${jobs} jobs: ${words}.`);
  return wrong === 0 || mend !== undefined;
}

main().then(
  (isRight) => {
    process.exitCode = isRight ? 0 : 1;
  },
  (thrown: unknown) => {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exitCode = thrown instanceof UsageError ? 2 : 1;
  },
);
