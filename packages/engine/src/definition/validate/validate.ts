// Is this definition a legal flow? The browser runs this code while a person draws, and the server runs it before it stores
// or publishes anything. It executes no task and throws nothing, whatever the document is.
import { REFUSED_NAME, refusedNameSentence } from '../../refused-name.ts';
import type { DescriptorLookup } from '../../task/task.ts';
import { whyUnreadable } from '../check-inputs.ts';
import { checkBindings } from './check-bindings.ts';
import { checkGraph } from './check-graph.ts';
import { checkParameters } from './check-parameters.ts';
import { checkRetriedUndo } from './check-retried-undo.ts';
import { checkStructure } from './check-structure.ts';
import type { Problem } from './problem.ts';
import { type FlowDefinition, MOST_DEPTH, MOST_ITEMS, flowDefinitionSchema } from '../schema.ts';
import { type Placed, placedItems } from '../tree.ts';

/** The parsed definition, or null when the document does not have its shape; and all problems found. */
export interface Validation {
  readonly definition: FlowDefinition | null;
  readonly problems: readonly Problem[];
}

const MOST_PROBLEMS = 500;

/** Validates a document that claims to be a flow definition. */
export function validateDefinition(document: unknown, find: DescriptorLookup): Validation {
  const unreadable = readingProblem(document);
  if (unreadable !== null) return { definition: null, problems: [unreadable] };
  const parsed = flowDefinitionSchema.safeParse(document);
  if (!parsed.success) {
    return {
      definition: null,
      problems: parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => ({
        item: null,
        code: 'SHAPE_INVALID',
        severity: 'error',
        message: `${issue.path.join('.') || 'The document'}: ${issue.message}.`,
      })),
    };
  }
  return { definition: parsed.data, problems: problemsOf(parsed.data, find) };
}

/** All problems of a definition that has the right shape. */
export function problemsOf(definition: FlowDefinition, find: DescriptorLookup): readonly Problem[] {
  const placed = placedItems(definition);
  if (placed.length > MOST_ITEMS) {
    const message = `The flow has ${placed.length} items; at most ${MOST_ITEMS} are allowed. Split it into several flows.`;
    return [{ item: null, code: 'TOO_MANY_ITEMS', severity: 'error', message }];
  }
  const duplicates = duplicateIds(placed.flatMap(idsOf));
  if (duplicates.length > 0) return duplicates;
  return [
    ...checkEmpty(definition),
    ...checkInputsSchema(definition),
    ...placed.flatMap(({ item }) => (item.kind === 'task' ? checkParameters(item, find) : [])),
    ...checkStructure(placed, find),
    ...checkBindings(definition, placed, find),
    ...checkGraph(definition, placed),
    ...checkRetriedUndo(placed, find),
  ].slice(0, MOST_PROBLEMS);
}

/** An item's own id, and the ids of its retry, its own revert and its links that go back, which become loops. */
function idsOf({ item }: Placed): string[] {
  const retry = item.retry === undefined ? [] : [item.retry.id];
  if (item.kind !== 'flow') return [item.id, ...retry];
  const revert = item.revert?.mode === 'task' ? [item.revert.id] : [];
  const loops = item.links.flatMap(({ id, again }) => (again === undefined ? [] : [id]));
  return [item.id, ...retry, ...revert, ...loops];
}

function checkEmpty({ root }: FlowDefinition): Problem[] {
  if (root.items.length > 0) return [];
  return [{ item: null, code: 'EMPTY', severity: 'error', message: 'The flow has no tasks yet. Drag one from the palette.' }];
}

/** A version whose input schema cannot be read could never be launched. */
function checkInputsSchema({ inputs }: FlowDefinition): Problem[] {
  const why = whyUnreadable(inputs);
  if (why === null) return [];
  return [{ item: null, code: 'SCHEMA_INVALID', severity: 'error', message: `${why.replace(/\.$/, '')}. Correct the inputs of the flow.` }];
}

function duplicateIds(ids: readonly string[]): Problem[] {
  const seen = new Set<string>();
  return ids.flatMap((id) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ item: id, code: 'ID_DUPLICATE', severity: 'error', message: `Two items have the id "${id}". Change one of them.` }];
  });
}

/**
 * Checked before parsing, because a recursive parser would exhaust the stack on a very deep document, and because the
 * parser drops a member that has the refused name.
 */
function readingProblem(document: unknown): Problem | null {
  const most = MOST_DEPTH * 4;
  const waiting: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > most) {
      const message = `The document is nested more than ${most} deep; containers may be nested ${MOST_DEPTH} deep.`;
      return { item: null, code: 'TOO_DEEP', severity: 'error', message };
    }
    if (Object.hasOwn(next.value, REFUSED_NAME)) {
      return { item: null, code: 'SHAPE_INVALID', severity: 'error', message: refusedNameSentence('The document') };
    }
    for (const value of Object.values(next.value)) waiting.push({ value, depth: next.depth + 1 });
  }
  return null;
}
