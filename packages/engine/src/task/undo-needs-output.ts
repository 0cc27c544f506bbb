// A step that can be undone only with its own output, as data, so that the browser and the server judge it alike.
import { type Json, type JsonObject, memberOf } from '../json.ts';

export interface UndoNeedsOutput {
  /** Revert needs the output of apply where the constant input `field` mentions this text. */
  readonly field: string;
  readonly mentions: string;
  /** An input with which the author has said which failures did nothing; where it is given, nothing is advised. */
  readonly unless: string;
  /** One sentence: what an author can do about it. */
  readonly advice: string;
}

/** Does the undo of an item with these constants over the type's defaults need its output? */
export function needsOutput({ field, mentions, unless }: UndoNeedsOutput, constants: JsonObject, bound: ReadonlySet<string>): boolean {
  const isSaid = bound.has(unless) || !isEmpty(memberOf(constants, unless));
  return !isSaid && !bound.has(field) && JSON.stringify(memberOf(constants, field) ?? null).includes(mentions);
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
