import { type Item, type Join, JOINS } from '@windlass/engine/definition';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/text-field.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { updateItem } from '../draft/edits.ts';

const WORDS = {
  all: 'Waits for all its incoming links, and runs unless one of them says no.',
  any: 'Runs once, as soon as one incoming link is satisfied.',
  live: 'Waits for every incoming link that can still be satisfied, and runs if at least one was.',
} as const;

/** How an item combines its incoming links (P4). */
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
                updateItem(now, item.id, (one) => withJoin(one, JOINS.find((join) => join === event.target.value) ?? 'all')),
              )
          }
        >
          <option value="all">All of them</option>
          <option value="any">Any one of them</option>
          <option value="live">One, when all have come</option>
        </Select>
      )}
    </Field>
  );
}

function withJoin({ join: _old, ...rest }: Item, join: Join): Item {
  return (join === 'all' ? rest : { ...rest, join }) as Item;
}
