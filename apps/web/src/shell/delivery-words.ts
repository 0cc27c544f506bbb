// The delivery of a notice on a channel, in words. An unknown word is shown as it is.
import { shortTime } from '../lib/times.ts';

export interface Delivery {
  readonly channel: string;
  readonly state: string;
  readonly tries: number;
  readonly dueAt: number;
  readonly error: string | null;
}

export interface DeliveryWords {
  /** `trouble`: possibly no person got the notice. */
  readonly tone: 'calm' | 'warning' | 'trouble';
  readonly text: string;
}

const CHANNELS: ReadonlyMap<string, string> = new Map([
  ['webhook', 'Webhook'],
  ['email', 'E-mail'],
]);

export function channelName(channel: string): string {
  return CHANNELS.get(channel) ?? channel;
}

export function deliveryWords({ channel, state, tries, dueAt, error }: Delivery, now: number): DeliveryWords {
  const name = channelName(channel);
  const because = error === null ? '' : `: ${error}`;
  switch (state) {
    case 'SENT':
      return error === null ? { tone: 'calm', text: `${name}: sent` } : { tone: 'warning', text: `${name}: sent, but ${error}` };
    case 'SENDING':
      return { tone: 'calm', text: `${name}: being sent` };
    case 'PENDING':
      if (tries === 0) return { tone: 'calm', text: `${name}: to be sent` };
      return { tone: 'warning', text: `${name}: try ${tries} failed${because}. Tried again at ${shortTime(dueAt, now)}.` };
    case 'FAILED':
      return { tone: 'trouble', text: `${name}: failed after ${tries} ${tries === 1 ? 'try' : 'tries'}${because}.` };
    default:
      return { tone: 'warning', text: `${name}: ${state}${because}` };
  }
}
