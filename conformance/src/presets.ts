// `preset` writes states to storage as a crash would leave them. Here that is a logbook which means the same: preset-run.ts
// finds one. This file reads the presets, and gives the state that each atom must reach.
import type { Json } from '@windlass/engine/definition';
import { z } from 'zod';
import { NotRunnable, type Step } from './case.ts';

export interface PresetAtom {
  readonly state: string;
  /** Undefined where the case does not tell one. */
  readonly result: Json | undefined;
  readonly failed: boolean;
  /** The next step that TaskFlow intended: EXECUTE, IGNORE, REVERT or RETRY. */
  readonly intention: string;
}
export interface Presets {
  readonly flow: string;
  readonly atoms: ReadonlyMap<string, PresetAtom>;
}

const shape = z.strictObject({
  state: z.string().optional(),
  result: z.json().optional(),
  failure: z.boolean().optional(),
  intention: z.enum(['EXECUTE', 'IGNORE', 'REVERT', 'RETRY']).optional(),
});

/** Adds one preset to those before it. */
export function takePreset(before: Presets | null, step: Step): Presets {
  const atoms = new Map(before?.atoms);
  for (const [name, raw] of Object.entries(z.record(z.string(), z.unknown()).parse(step['atoms'] ?? {}))) {
    const parsed = shape.safeParse(raw);
    if (!parsed.success) throw new NotRunnable(`unknown shape of a preset: ${JSON.stringify(raw)}`);
    const { state, result, failure, intention } = parsed.data;
    const known = atoms.get(name);
    const came = result !== undefined ? 'SUCCESS' : failure === true ? 'FAILURE' : undefined;
    atoms.set(name, {
      state: state ?? came ?? known?.state ?? 'PENDING',
      result: result ?? known?.result,
      failed: failure ?? known?.failed ?? false,
      intention: intention ?? known?.intention ?? 'EXECUTE',
    });
  }
  const flow = typeof step['flow_state'] === 'string' ? step['flow_state'] : (before?.flow ?? 'PENDING');
  return { flow, atoms };
}
