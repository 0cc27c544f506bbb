// Editor of an input's source: its own value, one binding, or the first of several that was not ignored.
import type { Binding } from '@windlass/engine/definition';
import { Unlink } from 'lucide-react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { AlternativesFields } from './alternatives.tsx';
import { KindSelect } from './kind-select.tsx';
import { newBinding, SingleBindingFields, type SingleBindingProps } from './single-binding.tsx';

export interface BindingEditorProps extends Omit<SingleBindingProps, 'binding' | 'onChange'> {
  readonly binding: Binding;
  /** Absent when the binding can only be changed, not removed. */
  readonly onUnbind?: () => void;
  readonly onChange: (binding: Binding) => void;
}

const KINDS = ['input', 'output', 'expression', 'failure', 'secret', 'first'] as const;

export function BindingEditor({ onUnbind, binding, ...source }: BindingEditorProps) {
  const { label, onChange } = source;
  /** The present binding becomes the first alternative. */
  const choose = (kind: Binding['from']) => {
    if (kind !== 'first') onChange(newBinding(kind, source));
    else if (binding.from !== 'first') onChange({ from: 'first', of: [binding] });
  };
  return (
    <div className="grid gap-1.5 rounded-3 border border-accent-ring/40 bg-accent-tint/50 p-2">
      <div className="flex items-center gap-1.5">
        <KindSelect label={`${label}: where it comes from`} kinds={KINDS} kind={binding.from} onChoose={choose} />
        {onUnbind !== undefined && (
          <IconButton label={`Unbind ${label}`} size="small" onClick={onUnbind}>
            <Unlink size={13} />
          </IconButton>
        )}
      </div>
      {binding.from === 'first' ? (
        <AlternativesFields {...source} of={binding.of} />
      ) : (
        <SingleBindingFields {...source} binding={binding} />
      )}
    </div>
  );
}
