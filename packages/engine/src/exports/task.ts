// Everything that the author of a task type needs. The root of the package exports the same.
export { type ResourceSpec, type ResourceStage, type StageUndo, RESOURCE_STAGES, defineResource } from '../task/define-resource.ts';
export { catalogOf, defineTask, describeTask } from '../task/define-task.ts';
export { type Failure, TaskError, failureFrom } from '../failure/failure.ts';
export { type Json, type JsonObject, type JsonSchema, isJsonObject } from '../json.ts';
export type { Repeatable } from '../task/repeatable.ts';
export type {
  DescriptorLookup,
  ProbeAnswer,
  RevertProbeAnswer,
  TaskCatalog,
  TaskContext,
  TaskDescriptor,
  TaskSpec,
  TaskType,
  Undo,
} from '../task/task.ts';
export { type Wait, type Waits, Waiting } from '../task/wait.ts';
