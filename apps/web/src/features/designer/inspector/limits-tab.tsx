import type { Item } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { DurationField } from '../../../ui/duration-field.tsx';
import { Field } from '../../../ui/field.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateTask } from '../draft/edits.ts';
import { JoinField } from './join-field.tsx';
import { NumberField } from './number-field.tsx';
import { RetryFields } from './retry-fields.tsx';

/** When an item begins, how long an attempt may take, and its retry. */
export function LimitsTab({ item, catalog }: { readonly item: Item; readonly catalog: Catalog }) {
  const store = useDraftStore();
  return (
    <>
      <h3 className="mb-1.5 text-12 font-semibold">When it fails</h3>
      <RetryFields key={item.retry?.id ?? ''} item={item} catalog={catalog} />
      <h3 className="mb-1.5 border-t border-line pt-3 text-12 font-semibold">When it begins</h3>
      <JoinField item={item} />
      {item.kind === 'task' && (
        <>
          <Field label="Priority" hint="Of the items that are ready, the one with the higher priority begins first.">
            {(control) => (
              <NumberField
                control={control}
                value={item.priority}
                least={-1_000}
                most={1_000}
                onChange={(priority) =>
                  store
                    .getState()
                    .change(
                      'Priority',
                      (now) => updateTask(now, item.id, (one) => ({ ...one, priority: priority ?? 0 })),
                      `${item.id}.priority`,
                    )
                }
              />
            )}
          </Field>
          <Field label="Time limit of an attempt" hint="After this time the attempt fails with TIMEOUT. Empty: no limit.">
            {(control) => (
              <DurationField
                control={control}
                label="Time limit of an attempt"
                least={1}
                value={item.timeLimitMs}
                onChange={(ms) =>
                  store
                    .getState()
                    .change(
                      'Time limit',
                      (now) =>
                        updateTask(now, item.id, ({ timeLimitMs: _old, ...one }) => (ms === undefined ? one : { ...one, timeLimitMs: ms })),
                      `${item.id}.timeLimitMs`,
                    )
                }
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}
