import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawFlow, lots } from '../../../testing/draw-flow.ts';
import { fakeCatalog, flow, linear, task } from '../../../testing/flows.ts';
import { TestRun } from '../../../testing/run-in-memory.ts';
import { fullOf, leanOf } from './lean-snapshot.ts';
import { snapshotOf } from './snapshot-of.ts';

it('L4: a lean snapshot gives back the original, even if every field was changed', () => {
  const failing = new TestRun({
    definition: flow(linear('f', [task('a', { parameters: { x: 1 } }), task('b'), task('c', { type: 'send' })])),
    catalog: fakeCatalog,
    script: ({ kind, atom }) =>
      atom === 'b' && kind === 'revert' ? { fail: 'STUCK' } : atom === 'c' ? { fail: 'NO' } : { output: { of: atom } },
  }).go();
  const snapshot = snapshotOf(failing.run);
  expect(JSON.parse(JSON.stringify(fullOf(JSON.parse(JSON.stringify(leanOf(snapshot))))))).toEqual(JSON.parse(JSON.stringify(snapshot)));
  expect(JSON.stringify(leanOf(snapshot)).length).toBeLessThan(JSON.stringify(snapshot).length);
});

it('L4: over random flows too', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const definition = drawFlow(lots(seed), { width: 3, depth: 2, plain: false });
      const snapshot = snapshotOf(new TestRun({ definition, catalog: fakeCatalog }).go().run);
      expect(fullOf(leanOf(snapshot))).toEqual(snapshot);
    }),
    { numRuns: 100 },
  );
});
