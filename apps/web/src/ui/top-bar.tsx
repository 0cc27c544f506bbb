import type { ReactNode } from 'react';

/** The bar at the top of a screen: the place on the left, the actions on the right. */
export function TopBar({ children, actions }: { readonly children: ReactNode; readonly actions?: ReactNode }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-4">
      <div className="flex min-w-0 flex-1 items-center gap-2">{children}</div>
      <div className="flex shrink-0 items-center gap-2">{actions}</div>
    </header>
  );
}
