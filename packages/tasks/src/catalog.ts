// Every task type that comes with Windlass, in palette order. To add one: its file, its test, one line here.
import type { TaskType } from '@windlass/engine';
import { checkUrl } from './check-url.ts';
import { createFolder } from './create-folder.ts';
import { approval } from './approval.ts';
import { delay } from './delay.ts';
import { httpRequest } from './http-request.ts';
import { leaseMachine } from './lease-machine.ts';
import { launchFlow } from './launch-flow.ts';
import { message } from './message.ts';
import { rollBackJob } from './roll-back-job.ts';
import { runCommand } from './run-command.ts';
import { setValues } from './set-values.ts';
import { signal } from './signal.ts';
import { switchLink } from './switch-link.ts';
import { unpackArchive } from './unpack-archive.ts';
import type { World } from './world.ts';
import { writeFile } from './write-file.ts';

export const taskTypes = [
  createFolder,
  writeFile,
  unpackArchive,
  switchLink,
  httpRequest,
  checkUrl,
  leaseMachine,
  setValues,
  delay,
  approval,
  signal,
  launchFlow,
  rollBackJob,
  message,
  runCommand,
] as const satisfies readonly TaskType<World>[];
