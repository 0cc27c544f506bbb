import { expect, it } from 'vitest';
import { checkInputs } from './check-inputs.ts';

it('S4: the inputs of a job have the limit of any input, defaults counted in', () => {
  const text = (length: number) => ({ type: 'object', properties: { text: { type: 'string', default: 'd'.repeat(length) } } });
  expect(checkInputs(text(10), { text: 'x'.repeat(1_000_000) }).kind).toBe('valid');
  const tooLarge = { kind: 'invalid', problems: [{ path: '', message: expect.stringContaining('1048576') }] };
  expect(checkInputs(text(10), { text: 'x'.repeat(1_048_570) })).toEqual(tooLarge);
  expect(checkInputs(text(1_048_570), {})).toEqual(tooLarge);
});
