// Reasons why tasks of a flow cannot work on this server now, as their types say (TaskSpec.hindrance): a warning before
// publishing and launching, because it may be mended before a task begins.
import type { JsonObject } from '../json.ts';
import type { TaskItem } from './schema.ts';
import type { WithSubflows } from './flows/subflows.ts';
import { textOf, wordsOf } from '../failure/thrown.ts';
import { placedItems } from './tree.ts';

/** `usedBy` are names of items, those of a subflow after its name. `message` is one or more sentences. */
export interface Hindrance {
  readonly message: string;
  readonly usedBy: readonly string[];
}

/** Asks the type of a task with these constant inputs; null where the type says nothing, or is not here. */
export type AskHindrance = (task: {
  readonly type: string;
  readonly version: number;
  readonly constants: JsonObject;
}) => Promise<string | null>;

/** All hindrances of a flow, each once, in the order of the items. */
export async function hindrancesOf({ definition, subflows }: WithSubflows, ask: AskHindrance): Promise<readonly Hindrance[]> {
  const found = new Map<string, Set<string>>();
  const flows = [{ definition, prefix: '' }, ...subflows.map((one) => ({ ...one, prefix: `${one.definition.name}: ` }))];
  for (const { definition: flow, prefix } of flows) {
    for (const { item } of placedItems(flow)) {
      if (item.kind !== 'task') continue;
      const message = await answerOf(ask, item);
      if (message !== null) found.set(message, (found.get(message) ?? new Set()).add(prefix + item.name));
    }
  }
  return [...found].map(([message, usedBy]) => ({ message, usedBy: [...usedBy] }));
}

/** Most characters of a hindrance. */
const MOST_SHOWN = 2_000;

/** The type's code is its author's: an error, or an answer that is no text, is shown and stops nothing. */
async function answerOf(ask: AskHindrance, item: TaskItem): Promise<string | null> {
  const { type, typeVersion: version } = item;
  try {
    const said: unknown = await ask({ type, version, constants: constantsOf(item) });
    return said === null || said === undefined ? null : textOf(said).slice(0, MOST_SHOWN);
  } catch (thrown) {
    const why = wordsOf(thrown, (text) => text).slice(0, MOST_SHOWN);
    return `Task type ${type} version ${version} cannot say whether it works on this server: ${why}`;
  }
}

/** The inputs that are known before a run. */
function constantsOf({ parameters, bindings }: TaskItem): JsonObject {
  const constants: JsonObject = { ...parameters };
  for (const [name, binding] of Object.entries(bindings)) {
    if (binding.from === 'constant') constants[name] = binding.value;
    else delete constants[name];
  }
  return constants;
}
