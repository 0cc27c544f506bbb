// The few schemas that more than one noun needs on its way out.
import { type TrackedEnvelope, isTrackedEnvelope, tracked } from '@trpc/server';
import type { Json, JsonObject } from '@windlass/engine/definition';
import type { Actor } from '@windlass/engine/run';
import { isJsonObject } from '@windlass/engine/definition';
import { z } from 'zod';

/** A schema for what crosses the wire as it is: nothing is turned into anything else. */
export type Wire<T> = z.ZodType<T, T>;

/** One schema for each field of a type, so that a field which the type gains cannot be forgotten here. */
export type ShapeOf<T> = { readonly [Field in keyof Required<T>]: z.ZodType };

/** A word of a closed list. One that this version does not know is passed on: a screen shows it as it is. */
export function word<Words extends string>(): Wire<Words> {
  return z.custom<Words>((value) => typeof value === 'string', 'must be a word');
}

/** JSON that came out of the store or out of JSON.parse; what is inside is not walked again. */
export const json: Wire<Json> = z.custom<Json>((value) => value !== undefined, 'must be a JSON value');
export const jsonObject: Wire<JsonObject> = z.custom<JsonObject>(isJsonObject, 'must be a JSON object');

export const actorSchema: Wire<Actor> = z.object({ kind: word<Actor['kind']>(), id: z.string(), name: z.string() });

/** The messages of a subscription, each checked as it leaves. */
export function streamOf<T>(one: Wire<T>): z.ZodType<AsyncIterable<T>, AsyncIterable<T>> {
  return iterable<T>().transform(async function* (messages) {
    for await (const message of messages) yield one.parse(message);
  });
}

/** As `streamOf`, for messages that a client can go on from by their id. */
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
