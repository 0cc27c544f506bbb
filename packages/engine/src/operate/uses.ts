// Jobs that used an output that a rollback would undo: later jobs whose inputs contain a value that a task gave. Short values
// are left out, because many jobs share them. Only equality is compared, so the result is a hint and the screens say so: a use
// by another way is not found.
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import type { RollbackPlan } from '../run/plan/rollback-plan.ts';

/** A shorter text appears in too many places to identify a use. */
const LEAST_LENGTH = 5;
/** Number of values of one output that are compared. */
const MOST_VALUES = 200;

/** The value that a job was given, and the task that gave it. */
export interface Use {
  readonly atom: string;
  readonly value: string;
}

/** Texts from outputs of the plan's tasks that are not inputs of the job itself, each with the task's address. */
export function givenBy(plan: Pick<RollbackPlan, 'waves'>, inputs: JsonObject): ReadonlyMap<string, string> {
  const own = new Set(textsOf(inputs));
  const given = new Map<string, string>();
  for (const { atom, action, output } of plan.waves.flat()) {
    if (action === 'nothing' || output === null) continue;
    for (const text of textsOf(output)) if (!own.has(text) && !given.has(text)) given.set(text, atom);
  }
  return given;
}

/** The first of the given values that the inputs contain; null when they contain none. */
export function useIn(inputs: Json, given: ReadonlyMap<string, string>): Use | null {
  for (const value of textsOf(inputs)) {
    const atom = given.get(value);
    if (atom !== undefined) return { atom, value };
  }
  return null;
}

function textsOf(value: Json): string[] {
  const texts: string[] = [];
  const left: Json[] = [value];
  for (let one = left.pop(); one !== undefined && texts.length < MOST_VALUES; one = left.pop()) {
    if (typeof one === 'string') {
      if (one.length >= LEAST_LENGTH) texts.push(one);
    } else if (Array.isArray(one)) left.push(...one.slice(0, MOST_VALUES));
    else if (isJsonObject(one)) left.push(...Object.values(one).slice(0, MOST_VALUES));
  }
  return texts;
}
