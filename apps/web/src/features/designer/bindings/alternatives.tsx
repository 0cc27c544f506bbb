// The first of several bindings (S6): each alternative in order, to be changed, moved up or removed.
import type { Binding, SingleBinding } from '@windlass/engine/definition';
import { ArrowUp, Plus, X } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { KindSelect } from './kind-select.tsx';
import { newBinding, SingleBindingFields, type SingleBindingProps } from './single-binding.tsx';

export interface AlternativesFieldsProps extends Omit<SingleBindingProps, 'binding' | 'onChange'> {
  readonly of: readonly SingleBinding[];
  readonly onChange: (binding: Binding) => void;
}

const KINDS = ['output', 'failure', 'input', 'expression', 'secret', 'constant'] as const;

export function AlternativesFields({ of, onChange, label, ...source }: AlternativesFieldsProps) {
  const write = (next: readonly SingleBinding[]) => onChange({ from: 'first', of: [...next] });
  const replace = (at: number, binding: SingleBinding) => write(of.map((one, index) => (index === at ? binding : one)));
  return (
    <div className="grid gap-1.5">
      <p className="text-11 text-fg-3">The input gets the first alternative whose step has run. Steps that were ignored are passed over.</p>
      <ol className="grid gap-1.5">
        {of.map((binding, at) => {
          const name = `${label}, alternative ${at + 1}`;
          return (
            // An alternative has no identity but its place.
            <li key={name} className="grid gap-1.5 rounded-2 border border-line bg-surface p-1.5">
              <div className="flex items-center gap-1.5">
                <KindSelect
                  label={`${name}: where it comes from`}
                  kinds={KINDS}
                  kind={binding.from}
                  onChoose={(kind) => replace(at, newBinding(kind, source))}
                />
                {at > 0 && (
                  <IconButton label={`Move ${name} up`} size="small" onClick={() => write(movedUp(of, at))}>
                    <ArrowUp size={13} />
                  </IconButton>
                )}
                {of.length > 1 && (
                  <IconButton label={`Remove ${name}`} size="small" onClick={() => write(of.filter((_, index) => index !== at))}>
                    <X size={13} />
                  </IconButton>
                )}
              </div>
              <SingleBindingFields {...source} label={name} binding={binding} onChange={(next) => replace(at, next)} />
            </li>
          );
        })}
      </ol>
      <Button size="small" onClick={() => write([...of, newBinding('output', source)])}>
        <Plus size={12} /> Add alternative
      </Button>
    </div>
  );
}

function movedUp(of: readonly SingleBinding[], at: number): SingleBinding[] {
  const moved = [...of];
  moved.splice(at - 1, 0, ...moved.splice(at, 1));
  return moved;
}
