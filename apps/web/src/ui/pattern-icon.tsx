import { ArrowRight, LayoutGrid, Workflow } from 'lucide-react';

/** The icon of a container's pattern. */
export function PatternIcon({ pattern, size = 14 }: { readonly pattern: string; readonly size?: number }) {
  const Icon = pattern === 'linear' ? ArrowRight : pattern === 'unordered' ? LayoutGrid : Workflow;
  return <Icon aria-hidden size={size} strokeWidth={1.5} />;
}
