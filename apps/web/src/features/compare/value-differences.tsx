import type { Json } from '@windlass/engine/definition';
import type { Difference } from './compare-jobs.ts';

const SHOWN = 300;

/** Values by name, in both jobs. */
export function ValueDifferences({ differences, none }: { readonly differences: readonly Difference[]; readonly none: string }) {
  if (differences.length === 0) return <p className="text-12 text-fg-3">{none}</p>;
  return (
    <table className="w-full table-fixed text-12">
      <thead className="text-left text-11 text-fg-3">
        <tr>
          <th className="w-40 py-0.5 font-medium">Name</th>
          <th className="font-medium">A</th>
          <th className="font-medium">B</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ name, a, b }) => (
          <tr key={name} className="border-t border-line align-top">
            <th scope="row" className="truncate py-1 pr-2 text-left font-medium" title={name}>
              {name}
            </th>
            <td className="break-words py-1 pr-3 font-mono text-11 text-fg-2">{wordsOf(a)}</td>
            <td className="break-words py-1 font-mono text-11 text-fg-2">{wordsOf(b)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function wordsOf(value: Json | undefined): string {
  if (value === undefined) return 'not there';
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
