import type { Binding } from '@windlass/engine/definition';
import { Link2 } from 'lucide-react';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { BindingEditor } from './binding-editor.tsx';
import { useDraft } from '../draft/draft-context.tsx';
import { JsonList } from './json-list.tsx';
import type { Source } from '../draft/sources-for.ts';
import { newBinding } from './single-binding.tsx';

export interface ListBindingProps {
  readonly label: string;
  readonly hint: string;
  readonly list: Binding;
  readonly sources: readonly Source[];
  /** `begun` is true when the kind of source changed; undo then counts it as an action of its own. */
  readonly onChange: (list: Binding, begun: boolean) => void;
}

/** A list: constant values, or a binding to a list. */
export function ListBinding({ label, hint, list, sources, onChange }: ListBindingProps) {
  const definition = useDraft((state) => state.definition);
  const isConstant = list.from === 'constant';
  return (
    <Field
      label={label}
      hint={hint}
      aside={
        isConstant && (
          <IconButton
            label={`Bind ${label}`}
            size="small"
            onClick={() => onChange(newBinding('expression', { definition, sources }), true)}
          >
            <Link2 size={13} />
          </IconButton>
        )
      }
    >
      {(control) =>
        list.from === 'constant' ? (
          <JsonList
            control={control}
            values={Array.isArray(list.value) ? list.value : []}
            onChange={(value) => onChange({ from: 'constant', value }, false)}
          />
        ) : (
          <BindingEditor
            definition={definition}
            sources={sources}
            label={label}
            binding={list}
            onUnbind={() => onChange({ from: 'constant', value: [] }, true)}
            onChange={(next) => onChange(next, false)}
          />
        )
      }
    </Field>
  );
}
