// The outputs of the flow itself, evaluated when the run succeeds. The effects of the run stand whether or not an output can be
// evaluated, so an output that cannot is not a failure of the run: it is absent, and listed with the reason.
import type { JsonObject } from '../../json.ts';
import type { UnresolvedOutput } from '../../logbook/entry.ts';
import { sizeIfOver } from '../../payload.ts';
import { LARGE } from '../../logbook/stored-value.ts';
import { rootOf } from '../graph/graph.ts';
import type { Run } from '../state/run.ts';
import { resolveBinding } from './names.ts';

export interface FlowOutputs {
  readonly outputs: JsonObject;
  readonly unresolved: readonly UnresolvedOutput[];
}

/** Largest number of characters of one reason. */
const MOST_REASON = 1_000;

/** Largest number of characters of all outputs together, without those under 8 KB. */
const MOST_OUTPUTS = 8_388_608;

/** An output bound to an ignored item is absent without a reason, as an input would be. */
export function flowOutputs(run: Run): FlowOutputs {
  const outputs: JsonObject = {};
  const unresolved: UnresolvedOutput[] = [];
  let size = 0;
  const scope = rootOf(run.flow)?.scope;
  if (scope === undefined) return { outputs, unresolved };
  for (const output of run.flow.outputs) {
    try {
      const value = resolveBinding(run, scope, output);
      if (value === undefined) continue;
      size += sizeIfOver(value, LARGE) ?? 0;
      if (size > MOST_OUTPUTS) {
        throw new RangeError(
          `the outputs of the flow have more than ${MOST_OUTPUTS} characters together. Give a reference instead, such as a path.`,
        );
      }
      outputs[output.name] = value;
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      unresolved.push({ output: output.name, reason: why.slice(0, MOST_REASON) });
    }
  }
  return { outputs, unresolved };
}
