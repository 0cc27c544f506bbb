// The built-in task types, and the services that they need from the host.
export { taskTypes } from './catalog.ts';
export type { UnpackLimits } from './files/files-root.ts';
export { FilesRoot } from './files/files-root.ts';
export { HttpClient } from './network/http-client.ts';
export type { PluginOrder } from './plugins/plugin.ts';
export { loadTaskModules } from './plugins/plugin.ts';
export { ProgramRecords } from './system/program-records.ts';
export type { CommandPolicy, LaunchedJobs, LaunchedState, World } from './world.ts';
