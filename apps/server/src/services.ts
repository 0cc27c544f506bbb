// Wiring: the only place that chooses implementations.
import { join } from 'node:path';
import type { Services } from '@windlass/api';
import { type Backends, type BackendsOptions, openBackends } from '@windlass/backends';
import {
  BulkRunner,
  type Conductor,
  EngineError,
  LiveProgress,
  TaskLogWriter,
  type TaskRunner,
  inProcessRunner,
  startConductor,
  systemClock,
} from '@windlass/engine/ports';
import { typesFromCatalog } from '@windlass/engine/run';
import { type TaskType, catalogOf, describeTask } from '@windlass/engine/task';
import { FilesRoot, HttpClient, ProgramRecords, type World, loadTaskModules, taskTypes } from '@windlass/tasks';
import { tellChangedCode } from './changed-code.ts';
import { machineOf, sharedIdentity, singleIdentity } from './conductor-identity.ts';
import type { Configuration } from './env.ts';
import { launchedJobs } from './launched-jobs.ts';
import { type Notifier, makeNotifier, noticeChannels } from './notices/notifier.ts';

export interface Running {
  readonly backends: Backends;
  readonly conductor: Conductor;
  /** Stopped before the conductor, because bulk acts go through the conductor. */
  readonly bulkRunner: BulkRunner;
  readonly services: Services;
  /** Started later, because its links need the address of the server. */
  readonly notifier: Notifier;
  /** Writes the buffered log lines of tasks. */
  flush(): Promise<void>;
}

export interface Wiring {
  readonly configuration: Configuration;
  readonly prismaFolder: string;
  readonly version: string;
  /** `host:port` pairs that HTTP tasks may reach, besides the configured pairs. */
  readonly alsoAllow: readonly string[];
  readonly warn: (text: string, cause?: unknown) => void;
}

/** Opens the stores and starts a conductor on them. */
export async function startServices({ configuration, prismaFolder, version, alsoAllow, warn }: Wiring): Promise<Running> {
  const backends = await openStores({ databaseUrl: configuration.databaseUrl, prismaFolder, warn });
  // The lock of the file admits one server, so every claim and lease in it belongs to a dead process. On a database that several
  // servers share, conductors find dead conductors themselves.
  if (!backends.isShared) {
    await backends.board.releaseAll(systemClock.now());
    await backends.notices.releaseAll(systemClock.now());
  }
  // The Windlass version identifies the code of built-in types (R6).
  const builtIn = taskTypes.map((type: TaskType<World>) => ({ ...type, code: `Windlass ${version}` }));
  const types = [...builtIn, ...(await ownTypes(configuration, backends))];
  const catalog = catalogOf(types);
  const programs = new ProgramRecords({ folder: join(configuration.dataFolder, 'programs'), machine: machineOf() });
  // Before any job is claimed, because the call of a dead process counts as ended.
  await programs.endLeft();
  const world = {
    files: new FilesRoot(configuration.filesFolder),
    http: new HttpClient([...configuration.httpAllow, ...alsoAllow]),
    commands: configuration.commands,
    programs,
    jobs: launchedJobs(backends, () => conductor),
  };
  const progress = new LiveProgress(systemClock);
  const taskLogWriter = new TaskLogWriter(backends.taskLog, {
    clock: systemClock,
    onTrouble: (cause) => warn('Lines that tasks logged could not be kept', cause),
  });
  const watched = progress.watch(
    inProcessRunner({
      catalog,
      world,
      secrets: { resolve: async (name) => configuration.secret(name) },
      log: taskLogWriter.log,
    }),
  );
  const runner: TaskRunner = {
    run: (call, stop, onSign) => watched.run(call, stop, onSign).finally(() => taskLogWriter.ended(call)),
  };
  const startedAt = systemClock.now();
  const { id: conductorId, isDead: isDeadProcess } = backends.isShared ? sharedIdentity() : singleIdentity();
  // A server that died while this one runs may have left programs too.
  const isDead = (conductor: string) => {
    const isGone = isDeadProcess(conductor);
    if (isGone && backends.isShared) void programs.endLeft();
    return isGone;
  };
  const conductor: Conductor = startConductor({
    ...backends,
    typeOf: typesFromCatalog(catalog),
    runner,
    clock: backends.clock,
    conductor: { id: conductorId, name: conductorId },
    isDead,
    onTrouble: (job, cause) => warn(job === '' ? 'The conductor had trouble' : `Trouble with ${job}`, cause),
  });
  const notifier = makeNotifier({
    store: backends.notices,
    board: backends.board,
    logbook: backends.logbook,
    operator: conductor,
    flows: backends.flows,
    settings: configuration.notices,
    clock: backends.clock,
    warn,
  });
  const bulkRunner = new BulkRunner({
    store: backends.bulkActs,
    operator: conductor,
    logbook: backends.logbook,
    clock: backends.clock,
    server: conductorId,
    onTrouble: (cause) => warn('A bulk act waits', cause),
  });
  if (!backends.isShared) await backends.bulkActs.releaseAll();
  bulkRunner.wake();
  const tell = (line: string) => warn(line);
  void tellChangedCode({ types, dataFolder: configuration.dataFolder, flows: backends.flows, board: backends.board, tell }).catch(
    (cause: unknown) => warn('The check whether the code of task types has changed failed', cause),
  );
  const descriptors = new Map(types.map((type) => [`${type.type}@${type.version}`, describeTask(type)]));
  return {
    backends,
    conductor,
    notifier,
    bulkRunner,
    flush: () => taskLogWriter.flush(),
    services: {
      flows: backends.flows,
      board: backends.board,
      logbook: backends.logbook,
      ledger: backends.ledger,
      taskLog: backends.taskLog,
      notices: backends.notices,
      noticeChannels: noticeChannels(configuration.notices),
      views: backends.views,
      bulkActs: backends.bulkActs,
      bulkRunner,
      operator: conductor,
      progress,
      taskTypes: catalog.list().map((type) => describeTask(type)),
      findType: (type, wanted) => descriptors.get(`${type}@${wanted}`),
      hasSecret: (name) => configuration.secret(name) !== undefined,
      hindranceOf: async ({ type, version: wanted, constants }) =>
        (await catalog.find(type, wanted)?.hindrance?.(constants, world)) ?? null,
      now: () => systemClock.now(),
      server: { version, startedAt, conductor: conductorId },
    },
  };
}

/** The task types of the user's folder. The lock of the stores is held, so no other server uses the folder for bundles. */
async function ownTypes({ tasksFolder, dataFolder }: Configuration, backends: Backends): Promise<readonly TaskType<World>[]> {
  if (tasksFolder === null) return [];
  try {
    return await loadTaskModules({ folder: tasksFolder, into: join(dataFolder, 'task-modules'), builtIn: taskTypes });
  } catch (cause) {
    await backends.close();
    throw cause;
  }
}

/** Errors of the stores are sentences. An error of a driver, such as `file is not a database`, is made a sentence here. */
async function openStores(options: BackendsOptions): Promise<Backends> {
  try {
    return await openBackends(options);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The database ${options.databaseUrl.replace(/:[^:@/]*@/, ':…@')} could not be opened (${why}). Restore it from a backup, or choose another data folder with WINDLASS_DATA.`,
      { cause },
    );
  }
}
