// Random flows of every construct, run twice: as drawn, and with ids that every object inherits. Both take the
// same answers, the same acts and the same crashes, and must tell the same story.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FlowDefinition, flowDefinitionSchema } from './definition/schema.ts';
import { refusalOf } from './run/acts/refuse.ts';
import { planRollback } from './run/plan/plan-rollback.ts';
import { replay } from './run/state/fold/fold.ts';
import { emptyRun } from './run/state/run.ts';
import { restoreRun, snapshotOf } from './run/state/snapshot/snapshot-of.ts';
import { drawAnyAct } from './testing/any-act.ts';
import { drawFlow, lots } from './testing/draw-flow.ts';
import { fakeCatalog } from './testing/flows.ts';
import { type Script, TestRun } from './testing/run-in-memory.ts';

const INHERITED = Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]/i.test(name));
const IDS = /\b[tfru]\d+\b/g;

/** Gives the first ids of a flow names of Object.prototype; `back` replaces those names in a text again. */
function renamed(definition: FlowDefinition): { readonly twin: FlowDefinition; readonly back: (text: string) => string } {
  // The jitter of a delay depends on the address, which differs here.
  const text = JSON.stringify(definition).replaceAll('"jitter":0.5', '"jitter":0');
  const ids = [...new Set(text.match(IDS))].slice(0, INHERITED.length);
  const names = new Map(ids.map((id, at) => [id, INHERITED[at] ?? id]));
  const drawn = new Map([...names].map(([id, name]) => [name, id]));
  return {
    twin: flowDefinitionSchema.parse(JSON.parse(text.replace(IDS, (id) => names.get(id) ?? id))),
    back: (told) => told.replace(/[A-Za-z_]\w*/g, (word) => drawn.get(word) ?? word),
  };
}

/** The entries and answers of a flow run with that seed. */
function told(definition: FlowDefinition, seed: number) {
  const draw = lots(seed);
  const script: Script = ({ kind }) => {
    if (draw.chance(kind === 'apply' ? 0.1 : 0.05)) return { fail: draw.pick(['BROKEN', 'LATE']) };
    if (kind === 'probe') return { happened: draw.pick(['yes', 'no', 'unknown'] as const) };
    return { output: { n: draw.below(3) } };
  };
  const test = new TestRun({ definition, catalog: fakeCatalog, script });
  const acts: string[] = [];
  test.claim();
  for (let step = 0; step < 40; step += 1) {
    if (draw.chance(0.1)) test.crash().claim();
    else if (draw.chance(0.2)) {
      const act = drawAnyAct(draw, test.run);
      const refusal = refusalOf(test.run, act);
      acts.push(`${act.kind} ${refusal?.message ?? 'taken'}`);
      if (refusal === null) test.act(act);
    } else if (test.pending.length > 0) test.answerNext();
  }
  const { hash: _, ...plan } = planRollback(test.run, { kind: 'job' });
  return { test, lines: [...test.story, ...test.calls, ...acts, test.run.state, JSON.stringify(plan)] };
}

it('ids that every object inherits do not change a run, in any construct (S1, I4, B2)', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const definition = drawFlow(lots(seed), { width: 4, depth: 3, plain: false, serial: true });
      const { twin, back } = renamed(definition);
      const plain = flowDefinitionSchema.parse(JSON.parse(JSON.stringify(definition).replaceAll('"jitter":0.5', '"jitter":0')));
      const { test, lines } = told(twin, seed);
      expect(lines.map(back)).toEqual(told(plain, seed).lines);
      expect(snapshotOf(replay(emptyRun(test.flow), test.entries))).toEqual(snapshotOf(test.run));
      const copied = JSON.parse(JSON.stringify(snapshotOf(test.run)));
      expect(snapshotOf(restoreRun(test.flow, copied))).toEqual(snapshotOf(test.run));
    }),
    { numRuns: 300 },
  );
});
