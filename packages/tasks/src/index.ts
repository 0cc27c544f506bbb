// The task types that come with Windlass, and what they need of the host.
export { taskTypes } from './catalog.ts';
export type { UnpackLimits } from './files-root.ts';
export { FilesRoot } from './files-root.ts';
export { HttpClient } from './http-client.ts';
export type { PluginOrder } from './plugin.ts';
export { loadTaskModules } from './plugin.ts';
export type { CommandPolicy, LaunchedJobs, LaunchedState, World } from './world.ts';
