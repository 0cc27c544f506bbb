// The short form of `npm run conformance -- --cel`: what passes of CEL's public conformance data, per file (S1).
import { expect, it } from 'vitest';
import { HELD_FILES, HELD_SHARE, measureCel, shareOf } from './measure-cel.ts';

const files = measureCel();

it.each(HELD_FILES)('S1: at least 95 of 100 cases of %s pass, of those that need no Protocol Buffers', (name) => {
  const file = files.find((one) => one.name === name);
  expect(file === undefined ? 0 : shareOf(file)).toBeGreaterThanOrEqual(HELD_SHARE);
});

it('S1: no case that passed before fails now', () => {
  const passed = Object.fromEntries(files.map((file) => [file.name, file.passed]));
  expect(passed).toEqual({
    ...{ basic: 42, bindings_ext: 5, block_ext: 0, comparisons: 331, conversions: 109, dynamic: 0, encoders_ext: 0, enums: 0 },
    ...{ fields: 50, fp_math: 30, integer_math: 64, lists: 39, logic: 30, macros: 44, macros2: 8, math_ext: 17, namespace: 0 },
    ...{ optionals: 46, parse: 185, plumbing: 5, proto2: 0, proto2_ext: 0, proto3: 0, string: 51, string_ext: 101 },
    ...{ timestamps: 75, type_deductions: 12, unknowns: 0, wrappers: 0 },
  });
});
