// The task types that come with Windlass, and what they need of the host.
export { taskTypes } from './catalog.ts';
export type { UnpackLimits } from './files/files-root.ts';
export { FilesRoot } from './files/files-root.ts';
export { HttpClient } from './network/http-client.ts';
export type { PluginOrder } from './plugins/plugin.ts';
export { loadTaskModules } from './plugins/plugin.ts';
export type { CommandPolicy, LaunchedJobs, LaunchedState, World } from './world.ts';
