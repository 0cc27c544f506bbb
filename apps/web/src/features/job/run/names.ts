// Atoms of a run in words: `provision[3].sub.attach` is “Sub › Attach [3]”.
import type { CompiledFlow, Wait } from '@windlass/engine/run';
import { shortTime } from '../../../lib/times.ts';
import { shortIteration, stepsOf } from './members.ts';

export type NameOf = (id: string) => string;

/** The name of an atom, with the subflows and iterations that it stands in; null when the run has no such atom. */
export function atomName({ atomByAddress, containerByAddress }: CompiledFlow, address: string): string | null {
  const atom = atomByAddress.get(address);
  if (atom === undefined) return null;
  const own = atom.kind === 'stage' && atom.stage !== null ? `${atom.item.name}: ${atom.stage}` : controlName(atom);
  const steps = stepsOf(address);
  let prefix = '';
  const subflows: string[] = [];
  for (const [index, { id, iteration }] of steps.entries()) {
    prefix += index === 0 ? id : `.${id}`;
    const container = containerByAddress.get(prefix);
    if (index < steps.length - 1 && iteration === null && container?.inner != null) subflows.push(container.name);
    if (iteration !== null) prefix += `[${iteration}]`;
  }
  const iteration = atom.kind === 'round' ? '' : shortIteration(address);
  return `${[...subflows, own].join(' › ')}${iteration === '' ? '' : ` ${iteration}`}`;
}

function controlName({ kind, item }: { readonly kind: string; readonly item: { readonly name: string } }): string {
  switch (kind) {
    case 'retry':
      return /retry/i.test(item.name) ? item.name : `Retry of ${item.name}`;
    case 'each':
      return /list/i.test(item.name) ? item.name : `List of ${item.name}`;
    default:
      return item.name;
  }
}

/** What a waiting atom waits for, and until when. */
export function waitWords(waiting: Wait | null, now: number): string {
  if (waiting === null) return 'Waiting';
  const until = waiting.until === null || waiting.on === 'job' ? '' : ` until ${shortTime(waiting.until, now)}`;
  switch (waiting.on) {
    case 'timer':
      return until === '' ? 'Waits without end' : `Waits${until}`;
    case 'approval':
      return `Waits for approval${until}`;
    case 'signal':
      return `Waits for signal ${waiting.name}${until}`;
    case 'job':
      return 'Waits for a job';
  }
}
