// Notices about jobs that need a person: on the page, by webhook and by mail.
import { setImmediate } from 'node:timers/promises';
import { AttentionWatch, type Clock, type NoticeChannel, type WatchOptions } from '@windlass/engine/ports';
import { Courier } from './courier.ts';
import { emailSend } from './email.ts';
import { type Send, sentenceOf } from './message.ts';
import type { NoticeSettings } from './settings.ts';
import { webhookSend } from './webhook.ts';

export interface NotifierOptions extends Pick<WatchOptions, 'store' | 'board' | 'logbook' | 'operator' | 'flows'> {
  readonly settings: NoticeSettings;
  readonly clock: Clock;
  /** Pauses after failed tries. */
  readonly pauses?: readonly number[];
  readonly warn: (text: string, cause?: unknown) => void;
}

export interface Notifier {
  /** `listening`: the origin of this server, for links when the settings name no address. */
  start(listening: string): void;
  /** A notifier that is stopped before its start never starts. */
  stop(): Promise<void>;
}

export function makeNotifier({ settings, pauses, ...options }: NotifierOptions): Notifier {
  const { store, clock, warn } = options;
  let address = settings.address ?? '';
  const linkOf = (job: string) => `${address}/jobs/${job}`;
  const couriers = waysOf(settings).map(
    ({ channel, send }) => new Courier({ store, channel, send, linkOf, clock, warn, ...(pauses === undefined ? {} : { pauses }) }),
  );
  const nudge = () => {
    for (const courier of couriers) courier.nudge();
  };
  const channels = noticeChannels(settings).map(({ channel }) => channel);
  const watch = new AttentionWatch({ ...options, channels, nextTurn: () => setImmediate(), sentenceOf, onRaised: nudge });
  return {
    start(listening) {
      address = settings.address ?? listening;
      nudge();
      watch.start();
    },
    async stop() {
      await Promise.all([watch.stop(), ...couriers.map((courier) => courier.stop())]);
    },
  };
}

/** The channels in words that a page may show: only the origin of a webhook. */
export function noticeChannels({ webhook, mail }: NoticeSettings): { readonly channel: NoticeChannel; readonly target: string }[] {
  return [
    ...(webhook === null ? [] : [{ channel: 'webhook' as const, target: webhook.origin }]),
    ...(mail === null ? [] : [{ channel: 'email' as const, target: mail.to.length === 1 ? '1 address' : `${mail.to.length} addresses` }]),
  ];
}

function waysOf({ webhook, mail }: NoticeSettings): { readonly channel: NoticeChannel; readonly send: Send }[] {
  return [
    ...(webhook === null ? [] : [{ channel: 'webhook' as const, send: webhookSend(webhook) }]),
    ...(mail === null ? [] : [{ channel: 'email' as const, send: emailSend(mail) }]),
  ];
}
