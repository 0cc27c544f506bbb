// The flow's own outputs, which a subflow gives and a finished job shows. They are evaluated when the run succeeds.
import type { Binding } from '@windlass/engine/definition';
import type { Catalog } from '../../../lib/catalog.ts';
import { BindingEditor } from './binding-editor.tsx';
import { NamedList } from './named-list.tsx';
import { useDraft, useDraftStore } from '../draft/draft-context.tsx';
import { freeName, renamed } from '../draft/named-values.ts';
import { newBinding } from './single-binding.tsx';
import { useSources } from '../draft/use-sources.ts';

export function OutputsEditor({ catalog }: { readonly catalog: Catalog }) {
  const store = useDraftStore();
  const definition = useDraft((state) => state.definition);
  const sources = useSources(catalog, { at: 'end' });
  const { outputs } = definition;
  const write = (next: Record<string, Binding>, key?: string) =>
    store.getState().change('Flow outputs', (now) => ({ ...now, outputs: next }), key);
  const rename = (from: string, to: string) => {
    const next = renamed(outputs, { from, to });
    if (next !== null) write(next);
  };
  const remove = (name: string) => {
    const { [name]: _gone, ...rest } = outputs;
    write(rest);
  };
  return (
    <NamedList
      kind="output"
      values={outputs}
      empty="This flow has no outputs."
      onAdd={() => write({ ...outputs, [freeName('output', outputs)]: newBinding('output', { definition, sources }) })}
      onRename={rename}
      onRemove={remove}
    >
      {(name, binding) => (
        <BindingEditor
          definition={definition}
          sources={sources}
          label={`Output ${name}`}
          binding={binding}
          onChange={(next) => write({ ...outputs, [name]: next }, `output.${name}`)}
        />
      )}
    </NamedList>
  );
}
