import type { z } from 'zod';
import type { Failure } from '../../failure/failure.ts';
import type { Json } from '../../json.ts';
import { hasRefusedName, refusedNameSentence } from '../../refused-name.ts';
import { parseJson } from '../../parse-json.ts';
import { payloadExcess, writtenJson } from '../../payload.ts';
import type { CompiledAtom } from '../graph/graph.ts';
import { wordsOf } from '../../failure/thrown.ts';

type CheckedOutput = { readonly kind: 'output'; readonly output: Json } | { readonly kind: 'failed'; readonly failure: Failure };

/** The schema that the output of an atom must fit; null for none. A stage of a resource gives a part, and only the last stage completes it. */
export function outputSchemaOf(compiled: CompiledAtom | undefined): z.ZodType | null {
  return compiled?.kind === 'stage' ? null : (compiled?.type?.output ?? null);
}

/** Checks an output against its type's schema and the size limit. Never throws, and an output that it passes is plain JSON. */
export function checkOutput(schema: z.ZodType | null, output: Json): CheckedOutput {
  // Checked before the schema, which would drop the member.
  if (hasRefusedName(output)) return failed('MEMBER_REFUSED', refusedNameSentence('The output'));
  const parsed = schema === null ? null : parseJson(schema, output);
  if (parsed !== null && !parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'The output' : `Output "${issue.path.join('.')}"`;
    return failed('OUTPUT_INVALID', `${where} does not fit the schema of its task type: ${issue?.message ?? 'unknown'}.`);
  }
  return parsed === null ? withinLimits(output) : asRecorded(parsed.data);
}

/** A schema's transforms can make anything: a value that the logbook cannot hold must not reach an entry. */
function asRecorded(made: unknown): CheckedOutput {
  try {
    // Before it is written: writing an endless value would not end.
    const excess = payloadExcess('The output', made);
    if (excess !== null) return { kind: 'failed', failure: excess };
    const output = writtenJson(made);
    return output === undefined ? failed('OUTPUT_INVALID', NO_JSON) : withinLimits(output);
  } catch (thrown) {
    return failed('OUTPUT_INVALID', `${NO_JSON} ${wordsOf(thrown, (text) => text)}`);
  }
}

const NO_JSON = 'The schema of the task type makes an output that cannot be written as JSON, so it cannot be recorded.';

function withinLimits(output: Json): CheckedOutput {
  const excess = payloadExcess('The output', output);
  return excess === null ? { kind: 'output', output } : { kind: 'failed', failure: excess };
}

function failed(code: string, message: string): CheckedOutput {
  return { kind: 'failed', failure: { code, message } };
}
