// Checks of a task type that do not run it: its schemas, its effects, and whether they match.
import { z } from 'zod';
import type { EffectsRule } from '../task/effects.ts';
import type { TaskType } from '../task/task.ts';

/** Findings as sentences; an empty list when there are none. */
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
          findings.push(
            `The ${io} "${name}" has no title. Give it one with .meta({ title }); people see it in the form and on the job page.`,
          );
        }
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      findings.push(`The ${io} schema cannot be converted to JSON Schema, so no form can be made: ${why}.`);
    }
  }
  return findings;
}

function checkEffects<World>({ effects, revert, input }: TaskType<World>): string[] {
  const findings: string[] = [];
  const kinds = kindsOf(effects);
  if (revert !== undefined && !kinds.has('reversible')) {
    findings.push('The type has a revert that is never called, because its effects are never reversible.');
  }
  if (revert === undefined && kinds.has('reversible'))
    findings.push('The type says that its effects are reversible, but it has no revert.');
  if (!('kind' in effects)) {
    for (const { when } of effects.cases) {
      if (!(when.field in input.shape)) findings.push(`Its effects depend on "${when.field}", which is not one of its inputs.`);
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
      : [`Whether ${what} depends on "${rule.field}", which is not one of its inputs.`],
  );
}
