// The two sources from which a run reads task types: a catalog, and descriptors.
import { defaultsOf, effectsOf } from '../../task/effects.ts';
import type { TaskCatalog, TaskDescriptor } from '../../task/task.ts';
import type { TypeLookup } from './graph.ts';

/** Types from a catalog, with schemas, for driving runs. */
export function typesFromCatalog(catalog: TaskCatalog<never>): TypeLookup {
  return (item) => {
    const type = catalog.find(item.type, item.typeVersion);
    if (type === undefined) return null;
    return {
      effects: effectsOf(type.effects, { ...type.defaults, ...item.parameters }, new Set(Object.keys(item.bindings))),
      defaults: type.defaults,
      hasRevert: type.revert !== undefined,
      hasProbe: type.probe !== undefined,
      hasProbeRevert: type.probeRevert !== undefined,
      hasCheck: type.check !== undefined,
      mayEditOutput: type.mayEditOutput ?? false,
      repeatable: type.repeatable,
      revertRepeatable: type.revertRepeatable,
      code: type.code ?? null,
      waits: type.waits ?? null,
      stages: type.stages ?? null,
      destroys: type.destroys ?? false,
      label: type.label ?? null,
      input: type.input,
      output: type.output,
    };
  };
}

/** Types from descriptors, without schemas, for replaying and planning without the code of tasks, as a browser does. */
export function typesFromDescriptors(find: (type: string, version: number) => TaskDescriptor | undefined): TypeLookup {
  return (item) => {
    const type = find(item.type, item.typeVersion);
    if (type === undefined) return null;
    return {
      effects: effectsOf(type.effects, { ...defaultsOf(type.input), ...item.parameters }, new Set(Object.keys(item.bindings))),
      defaults: {},
      hasRevert: type.hasRevert,
      hasProbe: false,
      hasProbeRevert: false,
      hasCheck: type.hasCheck ?? false,
      mayEditOutput: type.mayEditOutput ?? false,
      repeatable: false,
      revertRepeatable: false,
      code: null,
      waits: null,
      stages: type.stages ?? null,
      destroys: type.destroys ?? false,
      label: null,
      input: null,
      output: null,
    };
  };
}
