import type { EffectsRule, TaskDescriptor } from '@windlass/engine/definition';
import { z } from 'zod';
import { type ShapeOf, type Wire, json, jsonObject } from '../wire.ts';

const effects = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('reversible'), undo: z.string() }),
  z.object({ kind: z.literal('irreversible'), reason: z.string() }),
]);

const effectsRule: Wire<EffectsRule> = z.union([
  effects,
  z.object({
    cases: z.array(
      z.object({
        when: z.object({ field: z.string(), in: z.array(json).exactOptional(), present: z.literal(true).exactOptional() }),
        effects,
      }),
    ),
    otherwise: effects,
  }),
]);

export const descriptor: Wire<TaskDescriptor> = z.object({
  type: z.string(),
  version: z.int(),
  title: z.string(),
  summary: z.string(),
  icon: z.string(),
  group: z.string(),
  input: jsonObject,
  output: jsonObject,
  effects: effectsRule,
  hasRevert: z.boolean(),
  hasCheck: z.boolean().exactOptional(),
  mayEditOutput: z.boolean().exactOptional(),
  undoNeedsOutput: z.object({ field: z.string(), mentions: z.string(), unless: z.string(), advice: z.string() }).exactOptional(),
  stages: z.array(z.string()).exactOptional(),
  destroys: z.boolean().exactOptional(),
} satisfies ShapeOf<TaskDescriptor>);
