// The flow's own outputs, which a subflow gives and a finished job shows. They are evaluated when the run succeeds.
import type { Binding } from '@windlass/engine/definition';
import { Plus, X } from 'lucide-react';
import type { Catalog } from '../../../lib/catalog.ts';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { BindingEditor } from './binding-editor.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { newBinding } from './single-binding.tsx';
import { useSources } from '../draft/use-sources.ts';

export function OutputsEditor({ catalog }: { readonly catalog: Catalog }) {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  const sources = useSources(catalog, { at: 'end' });
  const { outputs } = definition;
  const write = (next: Record<string, Binding>, key?: string) =>
    store.getState().change('Flow outputs', (now) => ({ ...now, outputs: next }), key);
  const add = () => {
    let name = 'output';
    for (let count = 2; name in outputs; count += 1) name = `output_${count}`;
    write({ ...outputs, [name]: newBinding('output', { definition, sources }) });
  };
  const rename = (from: string, to: string) => {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(to) || to in outputs) return;
    write(Object.fromEntries(Object.entries(outputs).map(([name, binding]) => [name === from ? to : name, binding])));
  };
  const remove = (name: string) => {
    const { [name]: _gone, ...rest } = outputs;
    write(rest);
  };
  return (
    <section aria-label="Flow outputs" className="mt-3 border-t border-line pt-3">
      <div className="mb-2 flex items-center">
        <h3 className="flex-1 text-12 font-medium">Outputs</h3>
        <Button size="small" onClick={add}>
          <Plus size={12} /> Add output
        </Button>
      </div>
      {Object.keys(outputs).length === 0 && <p className="text-11 text-fg-3">This flow has no outputs.</p>}
      <ul className="grid gap-2">
        {Object.entries(outputs).map(([name, binding]) => (
          <li key={name} className="grid gap-1.5 rounded-3 border border-line p-2">
            <div className="flex items-center gap-1.5">
              <TextField
                aria-label={`Name of output ${name}`}
                mono
                defaultValue={name}
                onBlur={(event) => rename(name, event.target.value.trim())}
              />
              <IconButton label={`Remove output ${name}`} size="small" onClick={() => remove(name)}>
                <X size={13} />
              </IconButton>
            </div>
            <BindingEditor
              definition={definition}
              sources={sources}
              label={`Output ${name}`}
              binding={binding}
              onChange={(next) => write({ ...outputs, [name]: next }, `output.${name}`)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
