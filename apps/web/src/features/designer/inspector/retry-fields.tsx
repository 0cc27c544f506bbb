// The retry of an item: its strategy and the wait between attempts (R1, R3).
import type { Item, RetryPolicy } from '@windlass/engine/definition';
import { Plus, X } from 'lucide-react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Button } from '../../../ui/button.tsx';
import { DurationField } from '../../../ui/duration-field.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { retrySentence } from '../canvas/badges.ts';
import { newRetry } from '../draft/constructs.ts';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateItem } from '../draft/edits.ts';
import { NumberField } from './number-field.tsx';
import { StrategyFields } from './strategy-fields.tsx';

export function RetryFields({ item, catalog }: { readonly item: Item; readonly catalog: Catalog }) {
  const store = useDraftStore();
  const { retry } = item;
  const write = (label: string, next: RetryPolicy | undefined, key?: string) =>
    store
      .getState()
      .change(
        label,
        (now) =>
          updateItem(now, item.id, ({ retry: _old, ...rest }) =>
            next === undefined ? (rest as Item) : ({ ...rest, retry: next } as Item),
          ),
        key,
      );
  if (retry === undefined) {
    return (
      <section aria-label="Retry" className="mb-4">
        <p className="mb-2 text-12 text-fg-2">
          {item.kind === 'flow'
            ? 'After a failure inside, the retry of the container around decides.'
            : 'A failed task is not tried again.'}
        </p>
        <Button size="small" onClick={() => write('Add retry', newRetry(store.getState().definition, item.id))}>
          <Plus size={12} /> Add retry
        </Button>
      </section>
    );
  }
  const set = (field: string, more: Partial<RetryPolicy>) => write('Retry', { ...retry, ...more }, `${item.id}.retry.${field}`);
  const without = (field: 'maxDelayMs' | 'timeLimitMs' | 'onlyCodes' | 'exceptCodes') => {
    const { [field]: _old, ...rest } = retry;
    write('Retry', rest, `${item.id}.retry.${field}`);
  };
  const waits = retry.strategy.kind !== 'always_revert' && retry.strategy.kind !== 'always_revert_all';
  const codes = (field: 'onlyCodes' | 'exceptCodes', label: string, hint: string) => (
    <Field label={label} hint={hint}>
      {(control) => (
        <TextField
          {...control}
          mono
          placeholder="TIMEOUT, HTTP_5XX"
          defaultValue={(retry[field] ?? []).join(', ')}
          key={(retry[field] ?? []).join(',')}
          onBlur={(event) => {
            const list = event.target.value.split(/[\s,]+/).filter((code) => code !== '');
            if (list.join() === (retry[field] ?? []).join()) return;
            if (list.length === 0) without(field);
            else set(field, { [field]: list });
          }}
        />
      )}
    </Field>
  );
  return (
    <section aria-label="Retry" className="mb-4">
      <div className="mb-2 flex items-center gap-2">
        <p className="min-w-0 flex-1 text-12 text-fg-2">{retrySentence(retry)}.</p>
        <Button size="small" onClick={() => write('Remove retry', undefined)}>
          <X size={12} /> Remove retry
        </Button>
      </div>
      <StrategyFields item={item} retry={retry} catalog={catalog} onChange={write} />
      {waits && (
        <>
          <Field label="Wait before the next attempt">
            {(control) => (
              <DurationField
                control={control}
                label="Wait before the next attempt"
                value={retry.delayMs}
                onChange={(ms) => set('delayMs', { delayMs: ms ?? 0 })}
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-x-2">
            <Field label="Back-off" hint="Each wait is longer by this factor.">
              {(control) => (
                <NumberField
                  control={control}
                  value={retry.backoff}
                  least={1}
                  most={10}
                  step={0.1}
                  onChange={(backoff) => set('backoff', { backoff: backoff ?? 1 })}
                />
              )}
            </Field>
            <Field label="Jitter" hint="Random part of the wait, in per cent.">
              {(control) => (
                <NumberField
                  control={control}
                  value={Math.round(retry.jitter * 100)}
                  least={0}
                  most={100}
                  onChange={(share) => set('jitter', { jitter: (share ?? 0) / 100 })}
                />
              )}
            </Field>
          </div>
          <Field label="Longest wait" hint="Empty: no upper limit.">
            {(control) => (
              <DurationField
                control={control}
                label="Longest wait"
                value={retry.maxDelayMs}
                onChange={(ms) => (ms === undefined ? without('maxDelayMs') : set('maxDelayMs', { maxDelayMs: ms }))}
              />
            )}
          </Field>
          <Field label="No attempt later than" hint="Counted from the first attempt. Empty: no limit.">
            {(control) => (
              <DurationField
                control={control}
                label="No attempt later than"
                least={1}
                value={retry.timeLimitMs}
                onChange={(ms) => (ms === undefined ? without('timeLimitMs') : set('timeLimitMs', { timeLimitMs: ms }))}
              />
            )}
          </Field>
          {codes('onlyCodes', 'Only these failures', 'Failure codes, separated by commas. Empty: all codes.')}
          {codes('exceptCodes', 'Never these failures', 'Failure codes that are never tried again, separated by commas.')}
        </>
      )}
    </section>
  );
}
