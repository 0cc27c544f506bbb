// Schemas of answers that more than one noun uses.
import { type TrackedEnvelope, isTrackedEnvelope, tracked } from '@trpc/server';
import type { Json, JsonObject } from '@windlass/engine/definition';
import type { Actor } from '@windlass/engine/run';
import { isJsonObject } from '@windlass/engine/definition';
import { z } from 'zod';

/** A schema without transformations: input and output have the same type. */
export type Wire<T> = z.ZodType<T, T>;

/** One schema for each field of a type. A new field without a schema is a type error. */
export type ShapeOf<T> = { readonly [Field in keyof Required<T>]: z.ZodType };

/** A word of a closed list. A word that this version does not know passes too, and a screen shows it unchanged. */
export function word<Words extends string>(): Wire<Words> {
  return z.custom<Words>((value) => typeof value === 'string', 'must be a word');
}

/** JSON from the store or from JSON.parse. Its content is not checked a second time. */
export const json: Wire<Json> = z.custom<Json>((value) => value !== undefined, 'must be a JSON value');
export const jsonObject: Wire<JsonObject> = z.custom<JsonObject>(isJsonObject, 'must be a JSON object');

export const actorSchema: Wire<Actor> = z.object({ kind: word<Actor['kind']>(), id: z.string(), name: z.string() });

/** The messages of a subscription. Each message is checked before it is sent. */
export function streamOf<T>(one: Wire<T>): z.ZodType<AsyncIterable<T>, AsyncIterable<T>> {
  return iterable<T>().transform(async function* (messages) {
    for await (const message of messages) yield one.parse(message);
  });
}

/** As `streamOf`, with an id for each message, from which a client can continue. */
export function trackedStreamOf<T>(one: Wire<T>): z.ZodType<AsyncIterable<TrackedEnvelope<T>>, AsyncIterable<TrackedEnvelope<T>>> {
  return iterable<TrackedEnvelope<T>>().transform(async function* (messages) {
    for await (const message of messages) {
      if (!isTrackedEnvelope(message)) throw new TypeError('A message of a tracked stream has no id.');
      yield tracked(message[0], one.parse(message[1]));
    }
  });
}

function iterable<T>(): Wire<AsyncIterable<T>> {
  return z.custom<AsyncIterable<T>>((value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value);
}
