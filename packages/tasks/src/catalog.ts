// Every task type that comes with Windlass, in palette order. To add one: its file, its test, one line here.
import type { TaskType } from '@windlass/engine/task';
import { checkUrl } from './network/check-url.ts';
import { createFolder } from './files/create-folder.ts';
import { approval } from './control/approval.ts';
import { delay } from './control/delay.ts';
import { httpRequest } from './network/http-request.ts';
import { leaseMachine } from './network/lease-machine.ts';
import { launchFlow } from './control/launch-flow.ts';
import { message } from './control/message.ts';
import { rollBackJob } from './control/roll-back-job.ts';
import { runCommand } from './system/run-command.ts';
import { setValues } from './data/set-values.ts';
import { signal } from './control/signal.ts';
import { switchLink } from './files/switch-link.ts';
import { unpackArchive } from './files/unpack-archive.ts';
import type { World } from './world.ts';
import { writeFile } from './files/write-file.ts';

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
