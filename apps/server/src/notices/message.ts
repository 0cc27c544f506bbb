// The text of a notice, the same on every channel.
import type { FlowDefinition } from '@windlass/engine/definition';
import { type NeedyJob, itemNames } from '@windlass/engine/ports';
import { type AttentionReason, type RunSnapshot, troublesOf } from '@windlass/engine/run';

/** A notice as it is sent. */
export interface Message {
  /** The same for each try, on each channel, from each server, so a receiver recognizes a repeated notice. */
  readonly key: string;
  readonly job: string;
  readonly flowName: string;
  readonly attention: AttentionReason;
  readonly sentence: string;
  /** The address of the job's page. The address alone gives no session. */
  readonly link: string;
  readonly raisedAt: number;
}

/** The reason why a message did not arrive, without an address. The message of any other error is never shown. */
export class Undelivered extends Error {}

/** Sends the message once. Returns a warning when the message arrived with a problem, else null. Throws Undelivered. */
export type Send = (message: Message, signal: AbortSignal) => Promise<string | null>;

const MOST_NAMES = 3;
const LONGEST = 500;

/**
 * One sentence: the flow, its need and the tasks. The cause of a failure stays on the page: a cause holds the output of
 * programs, and a notice leaves the server.
 */
export function sentenceOf(
  { attention, flowName }: Pick<NeedyJob, 'attention' | 'flowName'>,
  snapshot: Pick<RunSnapshot, 'state' | 'forward' | 'atoms'> | null,
  definition: FlowDefinition | null,
): string {
  const nameOf = itemNames(definition);
  const troubles = snapshot === null ? [] : troublesOf(snapshot, snapshot.atoms);
  const at = (kind: 'held' | 'revertFailed' | 'doubt') => tasks(troubles.flatMap((one) => (one.kind === kind ? [nameOf(one.atom)] : [])));
  const flow = `“${flowName}”`;
  switch (attention) {
    case 'held':
      return clean(
        troubles.some(({ kind }) => kind === 'cancelled')
          ? `${flow} was cancelled and is held.`
          : `${flow} is held${by(at('held'), 'failed')}.`,
      );
    case 'revert_failed':
      return clean(`${flow} could not be rolled back completely${by(at('revertFailed'), 'could not be reverted')}.`);
    case 'in_doubt':
      return clean(`${flow} is in doubt: it is unknown whether ${at('doubt') || 'a task'} took effect.`);
    case 'approval': {
      const questions = (snapshot?.atoms ?? []).flatMap(({ waiting }) => (waiting?.on === 'approval' ? [waiting.question] : []));
      return clean(`${flow} waits for an approval${questions.length === 0 ? '.' : `: ${questions.join(' / ')}`}`);
    }
    case 'dead_lettered':
      return clean(`${flow} was given up by the job board and waits for a person.`);
  }
}

function by(names: string, what: string): string {
  return names === '' ? '' : `: ${names} ${what}`;
}

function tasks(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `“${name}”`);
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** One line of limited length: the sentence becomes the subject of a mail. */
function clean(sentence: string): string {
  const line = sentence.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
