// At the first start with changed code of a task type, one line says how many jobs the former code may have applied
// (R6). The plan of each of these jobs shows it too.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flowsOfTypes } from '@windlass/engine/definition';
import type { FlowStore, JobBoard } from '@windlass/engine/ports';
import type { TaskType } from '@windlass/engine/task';

/** Most jobs of one version of a flow that are counted. */
const MOST_COUNTED = 10_000;
/** States of a run that may hold effects which can still be undone. */
const STANDING = ['RUNNING', 'SUSPENDING', 'SUSPENDED', 'SUCCESS', 'FAILURE', 'REVERTING', 'PARTIALLY_REVERTED', 'REVERT_FAILED'] as const;

interface Parts {
  readonly types: readonly Pick<TaskType, 'type' | 'version' | 'code'>[];
  /** The file that keeps the hashes of the code between starts. */
  readonly dataFolder: string;
  readonly flows: Pick<FlowStore, 'list' | 'versions' | 'getVersion'>;
  readonly board: Pick<JobBoard, 'count'>;
  readonly tell: (line: string) => void;
}

export async function tellChangedCode({ types, dataFolder, flows, board, tell }: Parts): Promise<void> {
  const place = join(dataFolder, 'task-code.json');
  const former = await readCodes(place);
  const present = Object.fromEntries(
    types.flatMap(({ type, version, code }) => (code === undefined ? [] : [[`${type}@${version}`, code]])),
  );
  const changed = new Set(Object.keys(present).filter((type) => former[type] !== undefined && former[type] !== present[type]));
  if (changed.size > 0) {
    for (const [type, uses] of await flowsOfTypes(flows, changed)) {
      let count = 0;
      for (const { flow, versions } of uses)
        count += (await board.count({ flows: [flow], versions, states: STANDING }, MOST_COUNTED)).count;
      if (count > 0) tell(lineOf(type, count));
    }
  }
  // A missing type may return later.
  await writeFile(`${place}.new`, JSON.stringify({ ...former, ...present }, null, 2));
  await rename(`${place}.new`, place);
}

function lineOf(key: string, count: number): string {
  const [type, version] = key.split('@');
  const jobs = count === 1 ? '1 job was' : `${count} jobs were`;
  return `${jobs} applied by other code of ${type} version ${version} than this server has now; the plan of each rollback says so.`;
}

/** Empty at the first start, or when the file is damaged: then no code can be compared. */
async function readCodes(place: string): Promise<{ readonly [type: string]: string }> {
  try {
    const read: unknown = JSON.parse(await readFile(place, 'utf8'));
    const entries = typeof read === 'object' && read !== null ? Object.entries(read) : [];
    return Object.fromEntries(entries.filter(([, code]) => typeof code === 'string'));
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) return {};
    throw cause;
  }
}
