import { ArrowRight, LayoutGrid, type LucideIcon, Repeat, Rows3, Workflow } from 'lucide-react';

const ICONS: { readonly [pattern: string]: LucideIcon } = { linear: ArrowRight, unordered: LayoutGrid, for_each: Rows3, loop: Repeat };

/** The icon of a container's pattern. */
export function PatternIcon({ pattern, size = 14 }: { readonly pattern: string; readonly size?: number }) {
  const Icon = ICONS[pattern] ?? Workflow;
  return <Icon aria-hidden size={size} strokeWidth={1.5} />;
}
