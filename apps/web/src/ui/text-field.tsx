import type { InputHTMLAttributes, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';
import { cx } from '../lib/cx.ts';

const LOOK =
  'w-full rounded-2 border border-line-control bg-surface px-2 text-12 text-fg placeholder:text-fg-3 aria-invalid:border-st-failed-line disabled:opacity-60';

/** One line of text. `mono` for paths, expressions and ids. */
export function TextField({ mono = false, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & { readonly mono?: boolean }) {
  return <input className={cx(LOOK, 'h-7', mono && 'font-mono', className)} {...rest} />;
}

/** Several lines of text. */
export function TextArea({
  mono = false,
  className,
  rows = 4,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { readonly mono?: boolean }) {
  return <textarea rows={rows} className={cx(LOOK, 'py-1.5 leading-[18px]', mono && 'font-mono', className)} {...rest} />;
}

/** A choice among a few options. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select className={cx(LOOK, 'h-7 pr-1', className)} {...rest} />;
}
