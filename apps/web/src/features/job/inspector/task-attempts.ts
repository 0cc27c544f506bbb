// Entries of one task -> its attempts, each with its input, its output and its failure. Pure.
import type { Json, JsonObject } from '@windlass/engine/definition';
import { type Entry, type Failure, type StoredValue, reasonByHand, storedAt } from '@windlass/engine/run';
import { type Hue, lookOf } from '../../../ui/state/state-look.ts';

export interface TaskAttempt {
  readonly kind: 'apply' | 'revert';
  /** Number of the entry that began it. */
  readonly entry: number;
  /** Of apply: from 1, going on after a rollback. Of revert: from 1 for each apply. 0: undone without a call. */
  readonly attempt: number;
  readonly from: number;
  /** Null while it is not finished. */
  readonly to: number | null;
  readonly hue: Hue;
  readonly input: JsonObject | null;
  readonly output: Json | null;
  /** Where they stand if they are over 8 KB. */
  readonly inputAt: StoredValue | null;
  readonly outputAt: StoredValue | null;
  readonly failure: Failure | null;
  /** The reason for undoing without a call or by hand. */
  readonly reason: string | null;
}

type Open = { -readonly [Field in keyof TaskAttempt]: TaskAttempt[Field] };

/** In the order in which they began. Entries of other tasks must be left out. */
export function attemptsOf(entries: readonly Entry[]): readonly TaskAttempt[] {
  const tries: Open[] = [];
  const begin = (kind: TaskAttempt['kind'], entry: Extract<Entry, { kind: 'ATOM' }>, attempt: number): Open => {
    const made: Open = {
      ...{ kind, attempt, entry: entry.number, from: Math.max(entry.time, entry.data?.notBefore ?? 0), to: null },
      ...{
        hue: lookOf(kind === 'apply' ? 'RUNNING' : 'REVERTING').hue,
        input: entry.data?.input ?? null,
        inputAt: storedAt(entry, 'input'),
      },
      ...{ output: null, outputAt: null, failure: null, reason: null },
    };
    tries.push(made);
    return made;
  };
  const end = (entry: Extract<Entry, { kind: 'ATOM' }>, hue: Hue): void => {
    const last = tries.at(-1);
    if (last === undefined || last.to !== null) return;
    last.to = entry.time;
    last.hue = hue;
    last.output = entry.data?.output ?? null;
    last.outputAt = storedAt(entry, 'output');
    last.failure = entry.data?.failure ?? null;
    last.reason = reasonWords(entry);
  };
  for (const entry of entries) {
    if (entry.kind !== 'ATOM') continue;
    switch (entry.to) {
      case 'RUNNING':
      case 'WAITING':
        // A task that waits after its call is still in the same attempt.
        if (!entry.data?.repeated && tries.at(-1)?.to !== null) begin('apply', entry, entry.attempt);
        else if (tries.length === 0) begin('apply', entry, entry.attempt);
        break;
      case 'SUCCESS':
        if (entry.from === 'PENDING') begin('apply', entry, entry.attempt);
        end(entry, 'success');
        break;
      case 'FAILURE':
        if (entry.from === 'PENDING') begin('apply', entry, entry.attempt);
        end(entry, 'failed');
        break;
      case 'REVERTING': {
        const attempt = entry.data?.revertAttempt ?? 1;
        const last = tries.at(-1);
        // The back-off of this attempt has ended, so it is called now.
        if (last?.kind === 'revert' && last.attempt === attempt && last.to === null) last.from = Math.max(last.from, entry.time);
        else {
          end(entry, 'failed');
          begin('revert', entry, attempt);
        }
        break;
      }
      case 'REVERTED':
        if (entry.from !== 'REVERTING') begin('revert', entry, 0);
        end(entry, 'revert');
        break;
      case 'REVERT_FAILURE':
        end(entry, 'failed');
        break;
      case 'IGNORE':
      case 'PENDING':
      case 'RETRYING':
        break;
    }
  }
  return tries;
}

function reasonWords({ data }: Extract<Entry, { kind: 'ATOM' }>): string | null {
  if (data?.reason === undefined) return null;
  return data.byHand ? `Undone by hand: ${reasonByHand(data.reason)}` : data.reason;
}
