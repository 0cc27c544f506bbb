// Masks secrets in the outcome of a call: in its output, its failure, and the wait that it asks for.
import type { Failure } from '../failure/failure.ts';
import { type Json, isJsonObject } from '../json.ts';
import type { Wait } from '../task/wait.ts';
import type { SecretMask } from './mask-secrets.ts';
import type { TaskOutcome } from './task-runner.ts';

export function maskOutcome(outcome: TaskOutcome, mask: SecretMask): TaskOutcome {
  if (mask.isEmpty) return outcome;
  switch (outcome.kind) {
    case 'done':
      return { ...outcome, output: mapText(outcome.output, mask.text) };
    case 'failed':
      return { ...outcome, failure: maskFailure(outcome.failure, mask) };
    case 'waiting':
      return { ...outcome, waiting: mapText(outcome.waiting as unknown as Json, mask.text) as unknown as Wait };
    case 'unknown':
      return { ...outcome, because: mask.text(outcome.because) };
    case 'absent':
      return outcome;
  }
}

export function maskFailure(failure: Failure, mask: SecretMask): Failure {
  return mask.isEmpty ? failure : (mapText(failure as unknown as Json, mask.text) as unknown as Failure);
}

/** The same value with each text changed, including the names of members. */
export function mapText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapText(one, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), mapText(one, change)]));
}
