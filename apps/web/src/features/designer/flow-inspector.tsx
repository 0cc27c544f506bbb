// A container, or with the root the flow itself: its pattern, its inputs, what a failure does.
import { type FlowItem, PATTERNS, type PatternName } from '@windlass/engine';
import { Field } from '../../ui/field.tsx';
import { PatternIcon } from '../../ui/pattern-icon.tsx';
import { Select, TextArea, TextField } from '../../ui/text-field.tsx';
import { useDraft, useDraftStore } from './draft-context.tsx';
import { updateFlow } from './edits.ts';
import { InputsEditor } from './inputs-editor.tsx';

export function FlowInspector({ flow }: { readonly flow: FlowItem }) {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  const isRoot = flow.id === definition.root.id;
  const change = (label: string, more: Partial<FlowItem>) =>
    store.getState().change(label, (now) => updateFlow(now, flow.id, (one) => ({ ...one, ...more })), `${flow.id}.${label}`);
  const rename = (name: string) =>
    store
      .getState()
      .change(
        'Rename',
        (now) => ({ ...updateFlow(now, flow.id, (one) => ({ ...one, name })), ...(isRoot ? { name } : {}) }),
        `${flow.id}.name`,
      );
  return (
    <>
      <header className="flex items-center gap-2.5 border-b border-line px-4 py-3">
        <span className="grid size-7 shrink-0 place-items-center rounded-2 bg-sunken text-fg-2">
          <PatternIcon pattern={flow.pattern} size={16} />
        </span>
        <div className="min-w-0">
          <h2 className="truncate text-13 font-semibold">{isRoot ? definition.name : flow.name}</h2>
          <p className="text-11 text-fg-3">{isRoot ? 'the flow itself' : 'container'}</p>
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-auto px-4 py-3">
        <Field label="Name" required>
          {(control) => (
            <TextField
              {...control}
              value={isRoot ? definition.name : flow.name}
              maxLength={200}
              onChange={(event) => rename(event.target.value)}
            />
          )}
        </Field>
        <Field label="Pattern" hint={PATTERNS[flow.pattern].summary}>
          {(control) => (
            <Select
              {...control}
              value={flow.pattern}
              onChange={(event) => change('Pattern', withPattern(event.target.value as PatternName))}
            >
              {Object.values(PATTERNS).map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {flow.pattern === 'unordered' && (
          <Field label="At once" hint="Most items that run at the same time; empty for all.">
            {(control) => (
              <TextField
                {...control}
                type="number"
                min={1}
                value={flow.limit ?? ''}
                onChange={(event) =>
                  store.getState().change(
                    'Limit',
                    (now) =>
                      updateFlow(now, flow.id, ({ limit: _old, ...one }) => {
                        const limit = Math.round(Number(event.target.value));
                        return limit >= 1 ? { ...one, limit: Math.min(10_000, limit) } : one;
                      }),
                    `${flow.id}.limit`,
                  )
                }
              />
            )}
          </Field>
        )}
        {isRoot && (
          <>
            <Field label="Description">
              {(control) => (
                <TextArea
                  {...control}
                  rows={3}
                  value={definition.description ?? ''}
                  onChange={(event) =>
                    store.getState().change('Description', (now) => ({ ...now, description: event.target.value }), 'description')
                  }
                />
              )}
            </Field>
            <Field label="On failure">
              {(control) => (
                <Select
                  {...control}
                  value={definition.onFailure}
                  onChange={(event) =>
                    store
                      .getState()
                      .change('On failure', (now) => ({ ...now, onFailure: event.target.value === 'hold' ? 'hold' : 'revert' }))
                  }
                >
                  <option value="revert">Roll everything back</option>
                  <option value="hold">Hold for a person to choose</option>
                </Select>
              )}
            </Field>
            <InputsEditor />
          </>
        )}
      </div>
    </>
  );
}

/** Links go with the graph: other patterns have none. */
function withPattern(pattern: PatternName): Partial<FlowItem> {
  return pattern === 'graph' ? { pattern } : { pattern, links: [] };
}
