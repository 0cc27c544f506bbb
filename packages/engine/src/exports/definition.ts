// Flow definitions: their types, parsing and validation.
export { type AbsentNeeds, absentNeeds } from '../definition/absent-needs.ts';
export { type AskHindrance, type Hindrance, hindrancesOf } from '../definition/hindrances.ts';
export { whyNotLaunchable } from '../definition/flows/launchable.ts';
export type { InputsCheck } from '../definition/check-inputs.ts';
export { type Coverage, coverageOf, effectsOfItem } from '../definition/coverage.ts';
export { type DefinitionDiff, type FieldChange, diffDefinitions } from '../definition/diff.ts';
export type { Expression, References } from '../definition/expression.ts';
export { type TypeUse, flowsOfTypes } from '../definition/flows/flows-of-type.ts';
export type { Fix, Problem, ProblemCode } from '../definition/validate/problem.ts';
export {
  type Binding,
  type ContainerRevert,
  type DeciderDepth,
  type FlowDefinition,
  type FlowItem,
  type FlowLink,
  type Item,
  type Join,
  type PatternName,
  type RetryPolicy,
  type RetryStrategy,
  type SingleBinding,
  type SubflowItem,
  type TaskItem,
  DECIDER_DEPTHS,
  JOINS,
  PATTERN_NAMES,
  flowDefinitionJsonSchema,
  flowDefinitionSchema,
  flowItemSchema,
  itemSchema,
  taskItemSchema,
} from '../definition/schema.ts';
export { subflowIn, withSubflows, withSubflowsOf } from '../definition/flows/subflows.ts';
export { targeted } from '../definition/targeted.ts';
export { type Placed, itemsUsedBy, orderingsOf, placedItems } from '../definition/tree.ts';
export { type Validation, problemsOf, validateDefinition } from '../definition/validate/validate.ts';
export { type Effects, type EffectsCase, type EffectsRule, effectsOf } from '../task/effects.ts';
export { type Json, type JsonObject, type JsonSchema, isJsonObject, memberOf } from '../json.ts';
export { PATTERNS, patternOf } from '../patterns/index.ts';
export type { ChildOrder, Pattern } from '../patterns/pattern.ts';
export { REFUSED_NAME, refusedNameSentence } from '../refused-name.ts';
export type { DescriptorLookup, TaskDescriptor } from '../task/task.ts';
