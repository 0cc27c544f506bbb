import { cx } from '../lib/cx.ts';
import { Button, type ButtonProps } from './button.tsx';
import { Tip } from './tip.tsx';

/** A button with only an icon; its name is for screen readers and shown on hover. */
export function IconButton({ label, className, look = 'quiet', size = 'normal', ...rest }: ButtonProps & { readonly label: string }) {
  return (
    <Tip text={label}>
      <Button look={look} size={size} aria-label={label} className={cx(size === 'normal' ? 'w-7' : 'w-6', '!px-0', className)} {...rest} />
    </Tip>
  );
}
