import type { NoticeDelivery, NoticeRow } from '@windlass/engine/ports';
import { z } from 'zod';
import { type ShapeOf, word } from '../wire.ts';

export const noticeId = z.string().regex(/^\d{1,18}$/, 'is not the id of a notice');

const delivery = z.object({
  channel: word<NoticeDelivery['channel']>(),
  state: word<NoticeDelivery['state']>(),
  tries: z.int(),
  dueAt: z.number(),
  error: z.string().nullable(),
  sentAt: z.number().nullable(),
} satisfies ShapeOf<NoticeDelivery>);

export const noticeRow = z.object({
  id: z.string(),
  job: z.string(),
  flowName: z.string(),
  entry: z.int(),
  attention: word<NoticeRow['attention']>(),
  sentence: z.string(),
  raisedAt: z.number(),
  isOpen: z.boolean(),
  readAt: z.number().nullable(),
  readBy: z.string().nullable(),
  deliveries: z.array(delivery),
} satisfies ShapeOf<NoticeRow>);
