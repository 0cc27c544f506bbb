import { z } from 'zod';
import { searchText } from '../jobs/search.ts';

export const viewDraft = z.object({
  name: z.string().trim().min(1, 'Give the view a name.').max(80),
  search: searchText,
  columns: z
    .string()
    .regex(/^[a-z,]*$/, 'names columns, parted by commas')
    .max(400),
  order: z.enum(['newest', 'oldest']),
  isShared: z.boolean(),
});

export const savedView = viewDraft.extend({
  id: z.int(),
  ownerName: z.string(),
  /** Only its owner changes or removes it. */
  isOwn: z.boolean(),
  savedAt: z.number(),
});
