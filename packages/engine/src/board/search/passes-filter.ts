// Does a job pass a filter? The queries of every board must find the same jobs.
import type { JobRow } from '../job.ts';
import type { JobFilter } from './job-filter.ts';

export function passesFilter(row: JobRow, inputs: ReadonlyMap<string, string>, filter: JobFilter): boolean {
  const { states, flows, versions, by, since = 0, until = Number.POSITIVE_INFINITY, attention } = filter;
  if (states !== undefined && !states.includes(row.state) && !states.includes(row.run)) return false;
  if (flows !== undefined && !flows.includes(row.flow)) return false;
  if (versions !== undefined && !versions.includes(row.version)) return false;
  if (by?.every((name) => name.toLowerCase() !== row.postedBy.toLowerCase())) return false;
  if (row.postedAt < since || row.postedAt >= until) return false;
  if (typeof attention === 'boolean' && attention !== (row.attention !== null)) return false;
  if (typeof attention === 'object' && (row.attention === null || !attention.includes(row.attention))) return false;
  if (filter.inputs?.some(({ name, values }) => !values.includes(inputs.get(name) ?? '') || !inputs.has(name))) return false;
  return (filter.texts ?? []).every(({ word, flows: called, idStart }) => {
    return called.includes(row.flow) || (idStart !== null && row.id.startsWith(idStart)) || [...inputs.values()].includes(word);
  });
}
