// The questions of a job to a person, each with its cause as far as it is known.
import type { JobRow } from '../board/job.ts';
import type { FlowStore } from '../definition/flows/flow-store.ts';
import type { FlowDefinition } from '../definition/schema.ts';
import { placedItems } from '../definition/tree.ts';
import type { Json, JsonObject } from '../json.ts';
import type { StoredValue } from '../logbook/stored-value.ts';
import { ifReadable } from '../logbook/unreadable.ts';
import type { Operator } from '../operator.ts';
import type { Doubt } from '../run/acts/doubted-call.ts';
import type { RunSnapshot } from '../run/state/snapshot/snapshot.ts';
import { type Trouble, troublesOf } from '../run/state/troubles.ts';
import { itemNames } from './item-names.ts';

export interface Need {
  readonly kind: Exclude<Trouble['kind'], 'failed'> | 'approval';
  /** Null when the need concerns the whole job. */
  readonly atom: string | null;
  readonly name: string;
  /** The type of the task; null when it is unknown, or stands in a subflow. */
  readonly task: { readonly type: string; readonly version: number } | null;
  /** The cause as far as it is known. */
  readonly cause: string;
  /** The output that was saved for the failed revert. */
  readonly output: Json;
  /** The input of the failed task that the run is held at. */
  readonly input: JsonObject | null;
  /** The references to those two values if they are over 8 KB. */
  readonly outputAt: StoredValue | null;
  readonly inputAt: StoredValue | null;
  /** For a doubt: its call, and the answers that it takes. */
  readonly doubt: Pick<Doubt, 'call' | 'mayRepeat'> | null;
}

const NO_VALUES = { output: null, outputAt: null, input: null, inputAt: null, doubt: null } as const;

/** The needs of a job that waits for a person; empty when its logbook cannot be read, since that itself is then the need. Throws what the store throws. */
export async function needsOfJob(
  { operator, flows }: { readonly operator: Pick<Operator, 'snapshot' | 'doubts'>; readonly flows: Pick<FlowStore, 'getVersion'> },
  job: Pick<JobRow, 'id' | 'flow' | 'version'>,
): Promise<readonly Need[]> {
  const [snapshot, definition] = await Promise.all([
    ifReadable(operator.snapshot(job.id)),
    ifReadable(flows.getVersion(job.flow, job.version)),
  ]);
  if (snapshot === null) return [];
  const isDoubted = snapshot.atoms.some(({ inDoubt }) => inDoubt !== null);
  return needsOf(snapshot, { definition, doubts: isDoubted ? ((await ifReadable(operator.doubts(job.id))) ?? []) : [] });
}

/** A failure that was already rolled back is not a need. */
export function needsOf(
  snapshot: RunSnapshot,
  { definition, doubts }: { readonly definition: FlowDefinition | null; readonly doubts: readonly Doubt[] },
): readonly Need[] {
  const nameOf = itemNames(definition);
  const atoms = new Map(snapshot.atoms.map((atom) => [atom.atom, atom]));
  const troubles = troublesOf(snapshot, snapshot.atoms).flatMap((trouble): Need[] => {
    if (trouble.kind === 'failed') return [];
    const atom = 'atom' in trouble ? trouble.atom : null;
    const doubt = trouble.kind === 'doubt' ? doubts.find((one) => one.atom === trouble.atom) : undefined;
    const { output = null, outputAt = null } = (trouble.kind === 'revertFailed' ? atoms.get(trouble.atom) : undefined) ?? {};
    const { input = null, inputAt = null } = (trouble.kind === 'held' ? atoms.get(trouble.atom) : undefined) ?? {};
    const name = atom === null ? '' : nameOf(atom);
    return [
      {
        kind: trouble.kind,
        atom,
        name,
        task: atom === null ? null : taskOf(atom, definition),
        cause: trouble.cause,
        output,
        outputAt,
        input,
        inputAt,
        doubt: doubt === undefined ? null : { call: doubt.call, mayRepeat: doubt.mayRepeat },
      },
    ];
  });
  const approvals = snapshot.atoms.flatMap((atom): Need[] =>
    atom.waiting?.on === 'approval'
      ? [
          {
            kind: 'approval',
            atom: atom.atom,
            name: nameOf(atom.atom),
            task: taskOf(atom.atom, definition),
            cause: atom.waiting.question,
            ...NO_VALUES,
          },
        ]
      : [],
  );
  return [...troubles, ...approvals];
}

/** In `hosts[3].install` the item is the last part. */
function taskOf(address: string, definition: FlowDefinition | null): Need['task'] {
  const id = address.split('.').at(-1);
  const item = definition === null ? undefined : placedItems(definition).find(({ item: one }) => one.id === id)?.item;
  return item?.kind === 'task' ? { type: item.type, version: item.typeVersion } : null;
}
