// One link: when its target begins, its condition, and how far a false condition reaches; for a link that goes back, the
// condition for another round.
import { DECIDER_DEPTHS, type DeciderDepth, type FlowLink } from '@windlass/engine/definition';
import { CornerLeftUp, ShieldAlert, Spline, Trash2 } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/text-field.tsx';
import { CelField } from '../bindings/cel-field.tsx';
import { useDraftStore } from '../draft/draft-context.tsx';
import { removeItems } from '../draft/edits.ts';
import { LINK_WAYS, type PlacedLink, updateLink, type Way, wayOf, withWay } from '../draft/links.ts';
import { InspectorHead } from './inspector-head.tsx';
import { NumberField } from './number-field.tsx';

const DEPTHS: Record<DeciderDepth, { readonly words: string; readonly sentence: string }> = {
  all: { words: 'All', sentence: 'Ignores the target and everything after it, to the end of the flow.' },
  flow: { words: 'Flow', sentence: 'Ignores the target and everything after it inside this container.' },
  neighbours: { words: 'Neighbours', sentence: 'Ignores the target and the items directly after it.' },
  atom: { words: 'Atom', sentence: 'Ignores only the target. The items after it run.' },
};

const WAYS: Record<Way, { readonly option: string; readonly kind: string; readonly hint: string; readonly change: string }> = {
  on: { option: 'Succeeded', kind: 'link', hint: 'The target begins after the source.', change: 'Link goes on' },
  failure: {
    option: 'Failed',
    kind: 'link on failure',
    hint: 'When the source has failed for good, it is undone and the target begins.',
    change: 'Link on failure',
  },
  back: {
    option: 'Goes back (loop)',
    kind: 'link that goes back',
    hint: 'The items between run again, round after round.',
    change: 'Link goes back',
  },
};

const CONDITIONS: Record<Way, { readonly label: string; readonly hint: string; readonly example: (from: string) => string }> = {
  on: {
    label: 'Condition',
    hint: 'CEL, true or false. Empty: always. It can use inputs.… and the outputs.… of the source and of the items before it.',
    example: (from) => `outputs.${from}.ok == true`,
  },
  failure: {
    label: 'Condition',
    hint: 'CEL, true or false. Empty: every failure. It can use failure.code, failure.message, failure.atom and failure.data.',
    example: () => 'failure.code == "TIMEOUT"',
  },
  back: {
    label: 'Condition to go round again',
    hint: 'CEL, true or false, evaluated after each round. It can use the outputs of the round.',
    example: (from) => `outputs.${from}.ok == true`,
  },
};

export function LinkInspector({ link, container }: PlacedLink) {
  const store = useDraftStore();
  const nameOf = (id: string) => container.items.find((item) => item.id === id)?.name ?? id;
  const way = wayOf(link);
  const condition = CONDITIONS[way];
  const change = (label: string, next: (link: FlowLink) => FlowLink, key?: string) =>
    store.getState().change(label, (now) => updateLink(now, link.id, next), key === undefined ? undefined : `link.${link.id}.${key}`);
  const Icon = { on: Spline, failure: ShieldAlert, back: CornerLeftUp }[way];
  const depth = link.depth ?? 'all';
  return (
    <>
      <div className="border-b border-line">
        <InspectorHead
          icon={<Icon size={16} strokeWidth={1.5} aria-hidden />}
          name={`${nameOf(link.from)} → ${nameOf(link.to)}`}
          kind={WAYS[way].kind}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-auto px-4 py-3">
        <Field label="When" hint={WAYS[way].hint}>
          {(control) => (
            <Select
              {...control}
              value={way}
              onChange={(event) => {
                const chosen = LINK_WAYS.find((one) => one === event.target.value);
                if (chosen !== undefined) change(WAYS[chosen].change, (one) => withWay(one, chosen));
              }}
            >
              {LINK_WAYS.map((one) => (
                <option key={one} value={one}>
                  {WAYS[one].option}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={condition.label} hint={condition.hint} required={way === 'back'}>
          {(control) => (
            <CelField
              control={control}
              rows={3}
              placeholder={condition.example(link.from)}
              value={link.decider}
              onChange={(decider) =>
                change('Condition', ({ decider: _old, ...one }) => (decider === undefined ? one : { ...one, decider }), 'decider')
              }
            />
          )}
        </Field>
        {link.again !== undefined && (
          <Field label="Most rounds" hint="A loop that reaches this limit fails.">
            {(control) => (
              <NumberField
                control={control}
                value={link.again?.limit}
                least={1}
                most={10_000}
                onChange={(limit) => change('Most rounds', (one) => ({ ...one, again: { limit: limit ?? 1 } }), 'limit')}
              />
            )}
          </Field>
        )}
        {way === 'on' && (
          <Field label="How far a no reaches" hint={DEPTHS[depth].sentence}>
            {(control) => (
              <Select
                {...control}
                value={depth}
                onChange={(event) => {
                  const chosen = DECIDER_DEPTHS.find((one) => one === event.target.value);
                  if (chosen !== undefined) change('How far a no reaches', (one) => ({ ...one, depth: chosen }));
                }}
              >
                {DECIDER_DEPTHS.map((one) => (
                  <option key={one} value={one}>
                    {DEPTHS[one].words}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Button
          size="small"
          onClick={() => {
            store.getState().change('Remove link', (now) => removeItems(now, new Set([link.id])));
            store.getState().select([]);
          }}
        >
          <Trash2 size={12} /> Remove link
        </Button>
      </div>
    </>
  );
}
