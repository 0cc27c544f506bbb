import { describe, expect, it } from 'vitest';
import { keyOf, slotsOf } from './element-key.ts';

describe('the slots of a list (P6)', () => {
  it('the k-th element with a key keeps the k-th slot of that key, and a further one gets the next free slot', () => {
    expect(slotsOf(['x', 'y', 'x'], ['x', 'x'])).toEqual([0, 2]);
    expect(slotsOf(['x', 'y', 'x'], ['x', 'z', 'x', 'x', 'y'])).toEqual([0, 3, 2, 4, 1]);
  });

  it('a slot of an element that the list no longer has is not given to another one', () => {
    expect(slotsOf(['x', 'y'], ['z'])).toEqual([2]);
  });
});

describe('the key of an element (P6)', () => {
  it('is the same for objects with the same members in another order, at every depth', () => {
    expect(keyOf({ b: [{ d: 1, c: 2 }], a: null })).toBe(keyOf({ a: null, b: [{ c: 2, d: 1 }] }));
  });

  it('differs for lists in another order, and for a number and its text', () => {
    expect(keyOf([1, 2])).not.toBe(keyOf([2, 1]));
    expect(keyOf(1)).not.toBe(keyOf('1'));
  });

  it('is short for a long element, and differs where one character does', () => {
    const [one, other] = [keyOf('x'.repeat(1_000)), keyOf(`${'x'.repeat(999)}y`)];
    expect(one.length).toBeLessThan(64);
    expect(one).not.toBe(other);
  });
});
