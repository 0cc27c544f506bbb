// The links of an item, for people who do not draw with a mouse: choose a link to see it, or an item to link to.
import type { Item } from '@windlass/engine/definition';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/text-field.tsx';
import { linkLabel } from '../../../ui/flow/link-words.ts';
import { useDraft } from '../draft/draft-context.tsx';
import { containerOf } from '../draft/edits.ts';
import { useLinking } from '../canvas/linking.tsx';
import { wayOf } from '../draft/links.ts';
import { useDraftStore } from '../draft/draft-context.tsx';

export function LinksSection({ item }: { readonly item: Item }) {
  const store = useDraftStore();
  const container = useDraft((state) => containerOf(state.definition, item.id));
  const { link } = useLinking();
  if (container?.pattern !== 'graph') return null;
  const nameOf = (id: string) => container.items.find((one) => one.id === id)?.name ?? id;
  const own = container.links.filter(({ from, to }) => from === item.id || to === item.id);
  return (
    <section aria-label="Links" className="mt-2 border-t border-line pt-3">
      <h3 className="mb-1 text-12 font-semibold">Links</h3>
      {own.length === 0 && <p className="mb-2 text-11 text-fg-3">None yet.</p>}
      <ul className="mb-2">
        {own.map((one) => (
          <li key={one.id} className="flex h-6 items-center gap-2 text-12">
            <button type="button" className="truncate text-accent-fg hover:underline" onClick={() => store.getState().select([one.id])}>
              {one.from === item.id ? `to ${nameOf(one.to)}` : `from ${nameOf(one.from)}`}
            </button>
            <span className="min-w-0 flex-1 truncate font-mono text-10 text-fg-3">{linkLabel(one)}</span>
          </li>
        ))}
      </ul>
      {(['on', 'failure'] as const).map((way) => (
        <Field key={way} label={way === 'on' ? 'Link to' : 'On failure go to'}>
          {(control) => (
            <Select
              {...control}
              value=""
              onChange={(event) => event.target.value !== '' && link({ from: item.id, to: event.target.value, way })}
            >
              <option value="">Choose an item…</option>
              {container.items
                .filter(({ id }) => id !== item.id && !own.some((one) => one.from === item.id && one.to === id && wayOf(one) === way))
                .map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
            </Select>
          )}
        </Field>
      ))}
    </section>
  );
}
