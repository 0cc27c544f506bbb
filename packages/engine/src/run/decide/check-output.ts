import type { z } from 'zod';
import type { Failure } from '../../failure.ts';
import type { Json } from '../../json.ts';
import { hasRefusedName, refusedNameSentence } from '../../refused-name.ts';
import { parseJson } from '../../parse-json.ts';
import { payloadExcess } from '../../payload.ts';

/** Checks an output against its type's schema and the size limit. */
export function checkOutput(
  schema: z.ZodType | null,
  output: Json,
): { readonly kind: 'output'; readonly output: Json } | { readonly kind: 'failed'; readonly failure: Failure } {
  // Checked before the schema, which would drop the member.
  if (hasRefusedName(output)) return failed('MEMBER_REFUSED', refusedNameSentence('The output'));
  const parsed = schema === null ? null : parseJson(schema, output);
  if (parsed !== null && !parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'The output' : `Output "${issue.path.join('.')}"`;
    return failed('OUTPUT_INVALID', `${where} does not fit the schema of its task type: ${issue?.message ?? 'unknown'}.`);
  }
  const value = parsed === null ? output : (parsed.data as Json);
  const excess = payloadExcess('The output', value);
  return excess === null ? { kind: 'output', output: value } : { kind: 'failed', failure: excess };
}

function failed(code: string, message: string): { readonly kind: 'failed'; readonly failure: Failure } {
  return { kind: 'failed', failure: { code, message } };
}
