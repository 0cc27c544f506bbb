import { type Binding, type Problem, type Json, type JsonSchema, memberOf } from '@windlass/engine/definition';
import { Link2 } from 'lucide-react';
import { IconButton } from '../../../ui/icon-button.tsx';
import type { FormField } from '../../../ui/schema-form/schema.ts';
import { SchemaForm } from '../../../ui/schema-form/schema-form.tsx';
import { BindingEditor } from './binding-editor.tsx';
import { useDraft } from '../draft/draft-context.tsx';
import type { Source } from '../draft/sources-for.ts';
import { newBinding } from './single-binding.tsx';
import type { Wired } from '../draft/wiring.ts';

export interface InputFieldsProps {
  readonly schema: JsonSchema;
  readonly wired: Wired;
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
  readonly only?: (field: FormField) => boolean;
  readonly onValue: (field: string, value: Json | undefined) => void;
  /** `begun` is true when the input was not bound before; undo then counts it as an action of its own. */
  readonly onBind: (field: FormField, binding: Binding | undefined, begun: boolean) => void;
}

/** Inputs as fields, each with a button that binds it. */
export function InputFields({ schema, wired, sources, problems, only, onValue, onBind }: InputFieldsProps) {
  const definition = useDraft((state) => state.definition);
  const errors = Object.fromEntries(problems.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message]])));
  return (
    <SchemaForm
      schema={schema}
      value={{ ...wired.parameters }}
      onChange={onValue}
      errors={errors}
      {...(only === undefined ? {} : { only })}
      aside={(field) =>
        memberOf(wired.bindings, field.name) === undefined && (
          <IconButton
            label={`Bind ${field.title}`}
            size="small"
            onClick={() => onBind(field, newBinding('expression', { definition, sources }), true)}
          >
            <Link2 size={13} />
          </IconButton>
        )
      }
      instead={(field) => {
        const binding = memberOf(wired.bindings, field.name);
        if (binding === undefined) return undefined;
        return (
          <BindingEditor
            definition={definition}
            sources={sources}
            label={field.title}
            binding={binding}
            onUnbind={() => onBind(field, undefined, false)}
            onChange={(next) => onBind(field, next, false)}
          />
        );
      }}
    />
  );
}
