import {
  Check,
  CircleDashed,
  CircleHelp,
  CirclePause,
  Flag,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Pin,
  RotateCcw,
  SkipForward,
  Undo2,
  X,
} from 'lucide-react';
import { cx } from '../../lib/cx.ts';
import type { StateIconName, StateLook } from './state-look.ts';
import { hueVar } from './state-look.ts';

const ICONS: Record<StateIconName, LucideIcon> = {
  circle: CircleDashed,
  flag: Flag,
  hourglass: Hourglass,
  spin: LoaderCircle,
  retry: RotateCcw,
  check: Check,
  cross: X,
  question: CircleHelp,
  skip: SkipForward,
  undo: Undo2,
  undoFailed: Undo2,
  pin: Pin,
  pause: CirclePause,
};

const HREF = (name: string) => `state-${name}`;

/**
 * The shapes of all states, once in the page. An icon is then one component that refers to a shape: drawn by the icon
 * library it is three, and a change of state on the canvas rendered seven components instead of two.
 */
export function StateIconShapes() {
  return (
    <svg aria-hidden width="0" height="0" className="absolute">
      {Object.entries(ICONS).map(([name, Icon]) => (
        <symbol key={name} id={HREF(name)} viewBox="0 0 24 24">
          <Icon size={24} strokeWidth={name === 'circle' ? 1.5 : 2} />
        </symbol>
      ))}
    </svg>
  );
}

/** The icon of a state; hidden from screen readers, because its word is beside it. */
export function StateIcon({ look, size = 16 }: { readonly look: StateLook; readonly size?: number }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      className={cx('shrink-0', look.icon === 'spin' && 'animate-spin motion-reduce:animate-none')}
      style={{ color: hueVar(look.hue, 'fg') }}
    >
      <use href={`#${HREF(look.icon)}`} />
    </svg>
  );
}
