// Secrets and task types that the server lacks for a flow, shown when publishing and launching. Only a warning, because
// they can still be added.
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { sentenceOf, useTRPC } from '../../../lib/trpc.ts';
import { absentWords } from './absent-words.ts';

export interface AbsentNeedsProps {
  readonly flow: string;
  /** Null for the draft. */
  readonly version: number | null;
}

export function AbsentNeeds({ flow, version }: AbsentNeedsProps) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.flows.absent.queryOptions({ flow, version }, { staleTime: 0, retry: false }));
  const lines =
    error === null ? (data === undefined ? [] : absentWords(data)) : [`Reading what the flow needs failed: ${sentenceOf(error)}`];
  if (lines.length === 0) return null;
  return (
    <div role="note" className="mb-3 flex items-start gap-2 rounded-3 border border-line bg-sunken px-3 py-2 text-12">
      <TriangleAlert size={14} className="mt-px shrink-0" aria-hidden />
      <ul className="flex flex-col gap-1">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
