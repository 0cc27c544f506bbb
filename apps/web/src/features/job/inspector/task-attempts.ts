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
  /** End of the back-off that was planned last. */
  let backOff: number | null = null;
  const begin = (kind: TaskAttempt['kind'], entry: Extract<Entry, { kind: 'ATOM' }>, attempt: number): Open => {
    const made: Open = {
      ...{ kind, attempt, entry: entry.number, from: entry.time, to: null },
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
  // In older logbooks the call after a back-off has no entry of its own: it began when the back-off ended.
  const unlogged = (entry: Extract<Entry, { kind: 'ATOM' }>): void => {
    const last = tries.at(-1);
    if (last?.kind !== 'revert' || last.to === null || backOff === null) return;
    // A reason says that the revert was done after its time limit, or by hand: no further attempt was called.
    if (entry.data?.reason !== undefined) begin('revert', entry, 0);
    else begin('revert', { ...entry, time: Math.min(backOff, entry.time) }, last.attempt + 1);
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
        const { failure, notBefore, waiting, revertAttempt = 1 } = entry.data ?? {};
        if (failure !== undefined && entry.from === 'REVERTING') {
          unlogged(entry);
          end(entry, 'failed');
        }
        backOff = notBefore ?? null;
        const last = tries.at(-1);
        // An attempt begins when it is called; a call after a wait for another job, or after a crash, is of the same attempt.
        const isSame = last?.kind === 'revert' && last.to === null && last.attempt === revertAttempt;
        if (notBefore === undefined && waiting === undefined && !isSame) begin('revert', entry, revertAttempt);
        break;
      }
      case 'REVERTED':
        if (entry.from === 'REVERTING') unlogged(entry);
        else begin('revert', entry, 0);
        end(entry, 'revert');
        break;
      case 'REVERT_FAILURE':
        unlogged(entry);
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

/** An attempt in words: its number, and whether it failed. */
export function attemptWords({ kind, attempt, hue }: Pick<TaskAttempt, 'kind' | 'attempt' | 'hue'>): string {
  const number = attempt > 0 ? String(attempt) : 'without a call';
  return `${kind === 'apply' ? 'Apply' : 'Revert'} ${number}${hue === 'failed' ? ' failed' : ''}`;
}

function reasonWords({ data }: Extract<Entry, { kind: 'ATOM' }>): string | null {
  if (data?.reason === undefined) return null;
  return data.byHand ? `Undone by hand: ${reasonByHand(data.reason)}` : data.reason;
}
