import type { Item } from '@windlass/engine/definition';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/text-field.tsx';
import { useDraftStore } from './draft-context.tsx';
import { updateItem } from './edits.ts';

const WORDS = {
  all: 'All its incoming links are waited for; it runs unless one of them says no.',
  any: 'It runs as soon as one incoming link is satisfied, once.',
} as const;

/** Whether an item waits for all of its incoming links or for any (SEMANTICS P4). */
export function JoinField({ item }: { readonly item: Item }) {
  const store = useDraftStore();
  const join = item.join ?? 'all';
  return (
    <Field label="Incoming links" hint={WORDS[join]}>
      {(control) => (
        <Select
          {...control}
          value={join}
          onChange={(event) =>
            store
              .getState()
              .change('Incoming links', (now) =>
                updateItem(
                  now,
                  item.id,
                  ({ join: _old, ...rest }) => (event.target.value === 'any' ? { ...rest, join: 'any' } : rest) as Item,
                ),
              )
          }
        >
          <option value="all">All of them</option>
          <option value="any">Any one of them</option>
        </Select>
      )}
    </Field>
  );
}
