import type { ReactNode } from 'react';

/** Shown when there is nothing yet: a text and perhaps an action. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 px-4 py-6 text-12 text-fg-3 [&_a]:text-accent-fg [&_a]:underline">
      <p className="max-w-[56ch]">{children}</p>
      {action}
    </div>
  );
}
