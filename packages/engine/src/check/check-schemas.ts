// What can be said of a task type without running it: its schemas, its effects, and whether they fit together.
import { z } from 'zod';
import type { EffectsRule } from '../effects.ts';
import type { TaskType } from '../task.ts';

/** Findings as sentences; none when all is well. */
export function checkSchemas<World>(type: TaskType<World>): string[] {
  return [...checkShown(type), ...checkEffects(type), ...checkRepeatable(type)];
}

function checkShown<World>(type: TaskType<World>): string[] {
  const findings: string[] = [];
  for (const io of ['input', 'output'] as const) {
    try {
      const schema = z.toJSONSchema(type[io], { io, unrepresentable: 'throw' });
      z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        if (typeof field !== 'object' || field.title === undefined) {
          findings.push(`The ${io} "${name}" has no title; give it one with .meta({ title }), people see it in the form and the job page.`);
        }
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      findings.push(`The ${io} schema cannot be made into JSON Schema, so it gives no form: ${why}.`);
    }
  }
  return findings;
}

function checkEffects<World>({ effects, revert, input }: TaskType<World>): string[] {
  const findings: string[] = [];
  const kinds = kindsOf(effects);
  if (revert !== undefined && !kinds.has('reversible')) {
    findings.push('It has a revert, but its effects are never reversible: the revert is never called.');
  }
  if (revert === undefined && kinds.has('reversible')) findings.push('Its effects are reversible, but it has no revert.');
  if (!('kind' in effects)) {
    for (const { when } of effects.cases) {
      if (!(when.field in input.shape)) findings.push(`Its effects depend on "${when.field}", which is none of its inputs.`);
    }
  }
  return findings;
}

function kindsOf(rule: EffectsRule): ReadonlySet<string> {
  return new Set('kind' in rule ? [rule.kind] : [rule.otherwise.kind, ...rule.cases.map(({ effects }) => effects.kind)]);
}

function checkRepeatable<World>({ repeatable, revertRepeatable, input }: TaskType<World>): string[] {
  const rules = Object.entries({ 'it is repeatable': repeatable, 'its revert is repeatable': revertRepeatable });
  return rules.flatMap(([what, rule]) =>
    typeof rule === 'boolean' || rule.field in input.shape
      ? []
      : [`Whether ${what} depends on "${rule.field}", which is none of its inputs.`],
  );
}
