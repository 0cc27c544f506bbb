// The format of a file of cases: behaviours observed on TaskFlow, as data. A file may use
// features that are unknown here: a case that uses one is skipped, and the reason names the feature.
import { z } from 'zod';
import type { Json } from '@windlass/engine/definition';

const record = z.record(z.string(), z.json());
const text = z.string();

const stepSchema = z.looseObject({ op: text });
export type Step = z.output<typeof stepSchema>;

/** `["execute", "a", {x: 1}]`: what was called, of which atom, with what. */
export type Call = readonly [kind: string, atom: string, given: { readonly [name: string]: Json }];

/** Of a case without a flow: a label, and the answer that was recorded for it. */
export type Labelled = readonly [label: string, answer: Json];

const states = { atom_states: z.record(text, text).optional(), atom_states_varies: z.array(z.record(text, text)).optional() };
/** The storage as a dead process left it. */
const leftSchema = z.looseObject({ flow_state: text.optional(), ...states });

const seenSchema = z.looseObject({
  op: text.optional(),
  error: z.looseObject({ type: text }).optional(),
  flow_state: text.optional(),
  flow_state_varies: z.array(text).optional(),
  ...states,
  results: record.optional(),
  calls: z.array(z.json()).nullish(),
  calls_unordered: z.array(z.json()).nullish(),
  ordered_events: z.array(z.json()).optional(),
  ordered_events_hold_for: text.optional(),
  partial_order: z.array(z.tuple([text, text])).optional(),
  edges: z.array(text).optional(),
  persisted: leftSchema.optional(),
  persisted_varies: z.array(leftSchema).optional(),
});
/** The observations of one step. */
export type Recorded = z.output<typeof seenSchema>;

const caseSchema = z.looseObject({
  id: text,
  area: text.default(''),
  stance: z.enum(['same', 'differs', 'data']),
  here: text.optional(),
  engine_options: record.default({}),
  store: record.default({}),
  flow: z.json(),
  steps: z.array(stepSchema).default([]),
  expected: seenSchema.extend({
    steps: z.array(seenSchema).optional(),
    ordered_events_by_backend: z.record(text, z.array(z.json())).optional(),
  }),
});
export type Case = z.output<typeof caseSchema>;

/** The reason why a case cannot be run here; it is no fault of the engine. */
export class NotRunnable extends Error {}

/** The cases of a file, each parsed or with its error. Throws when the file is no file of cases. */
export function readCases(
  document: unknown,
): readonly ({ readonly id: string } & ({ readonly one: Case } | { readonly unreadable: string }))[] {
  const { cases } = z.looseObject({ cases: z.array(z.unknown()) }).parse(document);
  return cases.map((raw, index) => {
    const parsed = caseSchema.safeParse(raw);
    const { id } = z
      .object({ id: text.catch(`case ${index + 1}`) })
      .catch({ id: `case ${index + 1}` })
      .parse(raw);
    if (parsed.success) return { id, one: parsed.data };
    const [issue] = parsed.error.issues;
    return { id, unreadable: `its shape is not known here: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() };
  });
}

/** The record of each step. Throws NotRunnable for a kind of record that cannot be compared here. */
export function recordedSteps({ steps, expected }: Case): readonly Recorded[] {
  const recorded = expected.steps ?? steps.slice(0, 1).map(() => expected);
  if (recorded.length !== steps.length) throw new NotRunnable('the recorded steps are not as many as the steps');
  for (const step of recorded) {
    const unknown = Object.keys(step).filter((name) => !COMPARED.has(name) && !TOLD.has(name));
    if (unknown.length > 0) throw new NotRunnable(`unknown kind of record: ${unknown.join(', ')}`);
  }
  return recorded;
}

/** Is there anything in it to compare a run with? */
export function isComparable(recorded: Recorded): boolean {
  return Object.entries(recorded).some(([name, value]) => COMPARED.has(name) && value !== null && value !== undefined);
}

const COMPARED: ReadonlySet<string> = new Set([
  'error',
  'flow_state',
  'flow_state_varies',
  'atom_states',
  'atom_states_varies',
  'results',
  'calls',
  'calls_unordered',
  'ordered_events',
  'partial_order',
  'edges',
  'persisted',
  'persisted_varies',
]);
/** Fields that only TaskFlow has, or that repeat other fields. */
const TOLD: ReadonlySet<string> = new Set([
  'op',
  'steps',
  'error_varies',
  'atom_intentions',
  'atom_intentions_varies',
  'engine_states',
  'engine_states_varies',
  'decider_calls',
  'child_died',
  'child_died_varies',
  'example_events',
  'sometimes',
  'ordered_events_hold_for',
  'ordered_events_by_backend',
]);
