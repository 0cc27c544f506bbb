import type { Item, RetryPolicy, RetryStrategy } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/text-field.tsx';
import { CelField } from '../bindings/cel-field.tsx';
import { withStrategy } from '../draft/constructs.ts';
import { JsonList } from '../bindings/json-list.tsx';
import { ListBinding } from '../bindings/list-binding.tsx';
import { NumberField } from './number-field.tsx';
import { useSources } from '../draft/use-sources.ts';

const STRATEGIES: readonly { readonly kind: RetryStrategy['kind']; readonly words: string }[] = [
  { kind: 'times', words: 'So many times' },
  { kind: 'for_each', words: 'Once with each value' },
  { kind: 'parameterised', words: 'Once with each value of a bound list' },
  { kind: 'expression', words: 'As an expression decides' },
  { kind: 'always_revert', words: 'Never: ask the container around' },
  { kind: 'always_revert_all', words: 'Never: revert the whole run' },
];

export interface StrategyFieldsProps {
  readonly item: Item;
  readonly retry: RetryPolicy;
  readonly catalog: Catalog;
  readonly onChange: (label: string, retry: RetryPolicy, key?: string) => void;
}

/** How often, and with which values, an item is tried again. */
export function StrategyFields({ item, retry, catalog, onChange }: StrategyFieldsProps) {
  const { strategy } = retry;
  return (
    <>
      <Field label="Try again" hint={`Other items can bind to value and attempt of ${retry.id}.`}>
        {(control) => (
          <Select
            {...control}
            value={strategy.kind}
            onChange={(event) => {
              const chosen = STRATEGIES.find(({ kind }) => kind === event.target.value);
              if (chosen !== undefined) onChange('Retry strategy', withStrategy(retry, chosen.kind));
            }}
          >
            {STRATEGIES.map(({ kind, words }) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Own item={item} retry={retry} catalog={catalog} onChange={onChange} />
      {'revertAll' in strategy && (
        <Field label="When it gives up">
          {(control) => (
            <Select
              {...control}
              value={strategy.revertAll ? 'all' : 'around'}
              onChange={(event) =>
                onChange('When it gives up', { ...retry, strategy: { ...strategy, revertAll: event.target.value === 'all' } })
              }
            >
              <option value="around">Ask the container around</option>
              <option value="all">Revert the whole run</option>
            </Select>
          )}
        </Field>
      )}
    </>
  );
}

function Own({ item, retry, catalog, onChange }: StrategyFieldsProps) {
  const sources = useSources(catalog, { at: 'retry', id: item.id });
  const { strategy } = retry;
  const write = (next: RetryStrategy, key?: string) =>
    onChange('Retry strategy', { ...retry, strategy: next }, key === undefined ? undefined : `${item.id}.retry.${key}`);
  switch (strategy.kind) {
    case 'times':
      return (
        <Field label="Attempts" hint="Includes the first attempt.">
          {(control) => (
            <NumberField
              control={control}
              value={strategy.attempts}
              least={0}
              most={10_000}
              onChange={(attempts) => write({ ...strategy, attempts: attempts ?? 1 }, 'attempts')}
            />
          )}
        </Field>
      );
    case 'for_each':
      return (
        <Field label="Values" hint="One attempt with each value, in this order. JSON or plain text.">
          {(control) => (
            <JsonList control={control} values={strategy.values} onChange={(values) => write({ ...strategy, values }, 'values')} />
          )}
        </Field>
      );
    case 'parameterised':
      return (
        <ListBinding
          label="Values"
          hint="One attempt with each value of a list that is evaluated when the container begins."
          list={strategy.values}
          sources={sources}
          onChange={(values, begun) => write({ ...strategy, values }, begun ? undefined : 'values')}
        />
      );
    case 'expression':
      return (
        <>
          <Field
            label="Decision"
            hint="CEL that gives RETRY, REVERT or REVERT_ALL. It can use retry.attempt, retry.failure and retry.history."
            required
          >
            {(control) => (
              <CelField
                control={control}
                needed
                rows={3}
                value={strategy.cel}
                onChange={(cel) => cel !== undefined && write({ ...strategy, cel }, 'cel')}
              />
            )}
          </Field>
          <Field
            label="Most attempts"
            hint="Includes the first attempt. After the last one it gives up, whatever the expression says."
            required
          >
            {(control) => (
              <NumberField
                control={control}
                value={strategy.attempts}
                least={1}
                most={10_000}
                onChange={(attempts) => attempts !== undefined && write({ ...strategy, attempts }, 'attempts')}
              />
            )}
          </Field>
          <Field label="First value" hint="Value of the first attempt. JSON or plain text. Empty: none.">
            {(control) => (
              <JsonList
                control={control}
                values={strategy.first === null ? [] : [strategy.first]}
                onChange={([first = null]) => write({ ...strategy, first }, 'first')}
              />
            )}
          </Field>
        </>
      );
    case 'always_revert':
    case 'always_revert_all':
      return null;
  }
}
