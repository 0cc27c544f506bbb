// What the task types need of the name service: its address, one request, and the key of an attempt.
// This folder is below the modules: it is loaded because they import it, and is no task type itself.
import { type Json, type JsonObject, type TaskContext, TaskError, isJsonObject } from '@windlass/engine';
import type { World } from '@windlass/tasks';
import { z } from 'zod';

export type Context = TaskContext<World>;

export const service = z.string().min(1).meta({
  title: 'Name service',
  description: 'Its address. The operator of the server must allow a private one.',
  format: 'uri',
});

/**
 * The same for every repetition of an attempt, and for its revert, which is how an undo finds what was done even when
 * the answer was lost.
 */
export function attemptKey({ job, atom, attempt }: Context): string {
  return encodeURIComponent(`${job}/${atom}/${attempt}`);
}

/** One request through the client that the server lends, which refuses addresses that are not allowed. 404 is an answer: null. */
export async function ask(
  { world, signal }: Context,
  { method, url, body }: { readonly method: 'GET' | 'PUT' | 'DELETE'; readonly url: string; readonly body?: Json },
): Promise<JsonObject | null> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await world.http.send({ method, url, signal, ...sent });
  if (answer.status === 404) return null;
  if (answer.status !== 200) {
    throw new TaskError('NAME_SERVICE', `${method} ${url} answered ${answer.status}: ${answer.text.slice(0, 500)}`, {
      data: { status: answer.status },
    });
  }
  const parsed: unknown = JSON.parse(answer.text);
  return isJsonObject(parsed) ? parsed : {};
}
