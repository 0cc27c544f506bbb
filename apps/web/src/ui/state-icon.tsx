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
import { cx } from '../lib/cx.ts';
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

/** The icon of a state; decoration beside its word. */
export function StateIcon({ look, size = 16 }: { readonly look: StateLook; readonly size?: number }) {
  const Icon = ICONS[look.icon];
  return (
    <Icon
      aria-hidden
      size={size}
      strokeWidth={look.icon === 'circle' ? 1.5 : 2}
      className={cx('shrink-0', look.icon === 'spin' && 'animate-spin motion-reduce:animate-none')}
      style={{ color: hueVar(look.hue, 'fg') }}
    />
  );
}
