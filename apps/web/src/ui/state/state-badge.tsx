import { cx } from '../../lib/cx.ts';
import { StateIcon } from './state-icon.tsx';
import { hueVar, lookOf, type StateLook } from './state-look.ts';

export interface StateBadgeProps {
  /** A state by its word, or a look of its own. */
  readonly state: string | StateLook;
  /** A text instead of the state's own, such as `Failed at “Unpack”`. */
  readonly words?: string;
  readonly 'data-testid'?: string;
}

/** A state as colour, icon, word and pattern. */
export function StateBadge({ state, words, 'data-testid': testId }: StateBadgeProps) {
  const look = typeof state === 'string' ? lookOf(state) : state;
  return (
    <span
      data-testid={testId}
      title={words ?? look.word}
      data-state={typeof state === 'string' ? state : undefined}
      className={cx(
        'inline-flex h-5 max-w-full items-center gap-1 truncate whitespace-nowrap rounded-1 border px-1.5 text-11 font-semibold',
        look.pattern === 'hatch' && 'hatch-revert animate-hatch motion-reduce:animate-none',
        look.pattern === 'hatchFailed' && 'border-dashed',
        look.pattern === 'dashed' && 'border-dashed',
      )}
      style={{
        color: hueVar(look.hue, 'fg'),
        backgroundColor: look.pattern === 'hollow' ? 'transparent' : hueVar(look.hue, 'bg'),
        borderColor: look.pattern === 'none' ? 'transparent' : hueVar(look.hue, 'line'),
      }}
    >
      <StateIcon look={look} size={12} />
      <span className="truncate">{words ?? look.word}</span>
    </span>
  );
}
