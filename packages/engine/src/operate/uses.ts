// Who used what a rollback would undo: jobs that were launched later with a value that one of its tasks had given. A
// value tells where it is one of a kind; short and common ones are left out. Found by equality, so it is a hint and is
// worded as one: a use that went another way is not seen.
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import type { RollbackPlan } from '../run/plan/rollback-plan.ts';

/** Shorter text is in too many places to say anything. */
const LEAST_LENGTH = 5;
/** Of one output so many values are looked at. */
const MOST_VALUES = 200;

/** A job that was given a value of a task. */
export interface Use {
  readonly atom: string;
  readonly value: string;
}

/** Texts that tasks of the plan gave and that the job itself was not launched with, by value with the task's address. */
export function givenBy(plan: Pick<RollbackPlan, 'waves'>, inputs: JsonObject): ReadonlyMap<string, string> {
  const own = new Set(textsOf(inputs));
  const given = new Map<string, string>();
  for (const { atom, action, output } of plan.waves.flat()) {
    if (action === 'nothing' || output === null) continue;
    for (const text of textsOf(output)) if (!own.has(text) && !given.has(text)) given.set(text, atom);
  }
  return given;
}

/** The first of the given values that stands in those inputs; null where none does. */
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
