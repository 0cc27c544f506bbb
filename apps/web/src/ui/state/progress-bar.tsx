import { cx } from '../../lib/cx.ts';

/** A thin bar, `fraction` from 0 to 1. */
export function ProgressBar({
  fraction,
  label,
  hue,
  className,
}: {
  readonly fraction: number;
  readonly label: string;
  readonly hue: 'running' | 'revert';
  readonly className?: string;
}) {
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(fraction * 100)}
      className={cx('block overflow-hidden bg-hover', className)}
    >
      <span
        className="block h-full transition-[width] motion-reduce:transition-none"
        style={{ width: `${fraction * 100}%`, background: `var(--st-${hue}-line)` }}
      />
    </span>
  );
}
