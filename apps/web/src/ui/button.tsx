import type { ButtonHTMLAttributes, Ref } from 'react';
import { cx } from '../lib/cx.ts';

const LOOKS = {
  default: 'border-line-strong bg-surface text-fg hover:bg-hover active:bg-press',
  primary: 'border-accent bg-accent text-accent-on hover:bg-accent-hover hover:border-accent-hover',
  revert: 'border-st-revert-line bg-surface text-st-revert-fg hover:bg-st-revert-bg',
  quiet: 'border-transparent bg-transparent text-fg-2 hover:bg-hover active:bg-press',
  danger: 'border-st-failed-line bg-surface text-st-failed-fg hover:bg-st-failed-bg',
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof LOOKS;
  readonly size?: 'normal' | 'small';
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button; its text names its effect. */
export function Button({ look = 'default', size = 'normal', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-2 border text-12 font-medium transition-colors duration-[90ms] disabled:opacity-45 disabled:pointer-events-none',
        size === 'normal' ? 'h-7 px-2.5' : 'h-6 px-2',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
