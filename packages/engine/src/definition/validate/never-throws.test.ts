// Validation answers any imported document with a list of problems: no document makes it throw or execute code.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeTask } from '../../task/define-task.ts';
import { drawFlow, lots } from '../../testing/draw-flow.ts';
import { fakeCatalog } from '../../testing/flows.ts';
import { validateDefinition } from './validate.ts';

const find = (type: string, version: number) => {
  const found = fakeCatalog.find(type, version);
  return found && describeTask(found);
};

/** Changes one value of a document; each turn picks a member, modulo the number of members. */
function mutated(document: unknown, turns: readonly number[], value: unknown): unknown {
  const copy = structuredClone(document) as never;
  let at: Record<string, unknown> = copy;
  for (const [index, turn] of turns.entries()) {
    const keys = Object.keys(at);
    const key = keys[turn % Math.max(1, keys.length)];
    if (key === undefined) return copy;
    const next = at[key];
    if (index === turns.length - 1 || typeof next !== 'object' || next === null) {
      if (value === undefined) delete at[key];
      else at[key] = value;
      return copy;
    }
    at = next as Record<string, unknown>;
  }
  return copy;
}

it('answers any JSON with problems, and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (document) => {
      const { definition, problems } = validateDefinition(document, find);
      expect(definition === null ? problems.length : 1).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

it('answers a flow with any one value changed, and never throws', () => {
  const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const turns = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 8 });
  const value = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('root', 'f0', 't1', 'outputs.t1.x', 'inputs.', '(', '__proto__'),
  );
  fc.assert(
    fc.property(seed, turns, value, (drawn, where, what) => {
      const document = drawFlow(lots(drawn), { width: 4, depth: 3, plain: false });
      for (const problem of validateDefinition(mutated(document, where, what), find).problems)
        expect(problem.message).toMatch(/\.$|[.!?)”"]$/);
    }),
    { numRuns: 3_000 },
  );
});
