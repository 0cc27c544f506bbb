import type { Binding } from '@windlass/engine/definition';
import { Select } from '../../../ui/text-field.tsx';

const WORDS: Record<Binding['from'], string> = {
  input: 'Flow input',
  output: 'Output of a step',
  failure: 'Caught failure of a step',
  expression: 'Expression',
  secret: 'Secret',
  constant: 'Fixed value',
  first: 'The first of several',
};

export interface KindSelectProps<Kind extends Binding['from']> {
  readonly label: string;
  readonly kinds: readonly Kind[];
  readonly kind: Binding['from'];
  readonly onChoose: (kind: Kind) => void;
}

/** Chooses the kind of source of an input. */
export function KindSelect<Kind extends Binding['from']>({ label, kinds, kind, onChoose }: KindSelectProps<Kind>) {
  return (
    <Select
      aria-label={label}
      value={kind}
      onChange={(event) => {
        const chosen = kinds.find((one) => one === event.target.value);
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {kinds.map((one) => (
        <option key={one} value={one}>
          {WORDS[one]}
        </option>
      ))}
    </Select>
  );
}
