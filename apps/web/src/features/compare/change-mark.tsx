import { Equal, type LucideIcon, Minus, Pencil, Plus } from 'lucide-react';
import { hueVar } from '../../ui/state/state-look.ts';
import { CHANGE_LOOKS, type Change } from './change-look.ts';

const ICONS: Readonly<Record<Change, LucideIcon>> = { added: Plus, removed: Minus, changed: Pencil, same: Equal };

/** A change as icon and word in its colour. */
export function ChangeMark({ change }: { readonly change: Change }) {
  const { word, hue, border } = CHANGE_LOOKS[change];
  const Icon = ICONS[change];
  return (
    <span
      className="inline-flex h-5 shrink-0 items-center gap-1 rounded-1 border px-1.5 text-11 font-semibold"
      style={{
        color: hueVar(hue, 'fg'),
        backgroundColor: hueVar(hue, 'bg'),
        borderColor: hueVar(hue, 'line'),
        borderStyle: border === 'double' ? 'solid' : border,
      }}
    >
      <Icon aria-hidden size={11} />
      {word}
    </span>
  );
}
