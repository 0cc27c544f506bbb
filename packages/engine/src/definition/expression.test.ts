import { describe, expect, it } from 'vitest';
import { EXPRESSION_LIMITS, parseExpression } from './expression.ts';

const scope = {
  inputs: { n: 3, name: 'x', list: [1, 2, 3] },
  outputs: { build: { path: '/p', files: ['a', 'b'] } },
  secrets: { key: '{{secret key}}' },
};
const value = (cel: string) => parseExpression(cel).evaluate(scope);

describe('expressions', () => {
  it.each([
    ['"release-" + inputs.name', 'release-x'],
    ['inputs.n + 1', 4],
    ['1 + inputs.n * 2', 7],
    ['outputs.build.path + "/x"', '/p/x'],
    ['{"a": inputs.n, "b": [1, "x"]}', { a: 3, b: [1, 'x'] }],
    ['inputs.list.map(x, x * 2)', [2, 4, 6]],
    ['outputs["build"].files[0]', 'a'],
    ['has(inputs.nope) ? 1 : 2', 2],
    ['inputs.?nope.orValue("d")', 'd'],
    ['inputs.n > 2 && inputs.name == "x"', true],
  ])('S1: %s', (cel, wanted) => {
    expect(value(cel)).toEqual(wanted);
  });

  it('S1: members and keys may have names that every object inherits', () => {
    const held = { inputs: { o: { constructor: 1, toString: { valueOf: 'x' } } }, outputs: {}, secrets: {} };
    const evaluate = (source: string) => parseExpression(source).evaluate(held);
    expect(evaluate('inputs.o.constructor + 1')).toBe(2);
    expect(evaluate('inputs.o.toString.valueOf')).toBe('x');
    expect(evaluate('has(inputs.o.hasOwnProperty)')).toBe(false);
    expect(evaluate('{"constructor": 1, "prototype": 2}')).toEqual({ constructor: 1, prototype: 2 });
    expect(evaluate('[1, 2].map(toString, toString + 1)')).toEqual([2, 3]);
    expect(() => evaluate('{"__proto__": 1}')).toThrow('__proto__');
  });

  it('S5: work is counted during evaluation, also over lists written in the expression itself', () => {
    const list = `[${Array.from({ length: 300 }, () => 0).join(',')}]`;
    const work = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`;
    const scope = { inputs: {}, outputs: {}, secrets: {} };
    for (const source of [work, `${work} || true`, `true && (${work} || true)`]) {
      expect(() => parseExpression(source).evaluate(scope)).toThrow('too much work');
    }
  });

  it('lists its references', () => {
    expect(
      parseExpression('outputs.build.path + inputs["name"] + secrets.key + outputs.build.files.map(f, f + inputs.n)[0]').references,
    ).toEqual({
      inputs: ['name', 'n'],
      outputs: [
        { item: 'build', field: 'path' },
        { item: 'build', field: 'files' },
      ],
      failures: [],
      secrets: ['key'],
    });
  });

  it.each(['inputs', 'outputs', 'process', 'globalThis', 'this', 'inputs.constructor.constructor("return 1")()', 'inputs.__proto__'])(
    'has no access to the host: %s',
    (cel) => {
      expect(() => value(cel)).toThrow();
    },
  );

  it.each([
    ['too long', `"${'x'.repeat(EXPRESSION_LIMITS.length)}"`],
    ['too deep', `${'('.repeat(200)}1${')'.repeat(200)}`],
    ['too many parts', Array.from({ length: 1_500 }, () => '1').join('+')],
    ['lists in lists in lists in lists', 'inputs.list.map(a, inputs.list.map(b, inputs.list.map(c, inputs.list.map(d, 1))))'],
    ['not finished', '1 +'],
  ])('S5: an expression that is %s is refused before it runs', (_, cel) => {
    expect(() => parseExpression(cel)).toThrow();
  });

  it('S5: an expression with too many rounds or too large a result fails at once with a sentence', () => {
    const long = { ...scope, inputs: { list: Array.from({ length: 2_000 }, (_, index) => index), text: 'x'.repeat(10_000) } };
    expect(() => parseExpression('inputs.list.map(x, inputs.list.map(y, x))').evaluate(long)).toThrow(/rounds/);
    expect(() => parseExpression('inputs.list.map(x, inputs.text)').evaluate(long)).toThrow(/more than/);
  });

  it('S5: an expression that would read much text too often fails before it begins', () => {
    const big = { ...scope, inputs: { list: Array.from({ length: 400 }, (_, index) => index), text: 'x'.repeat(1_000_000), other: 'y' } };
    const bombs = [
      'inputs.list.map(a, inputs.list.map(b, inputs.text + inputs.text == inputs.text + string(a)))',
      'inputs.list.map(a, inputs.text.matches("x+y"))',
      `size(${Array.from({ length: 300 }, () => 'inputs.text').join('+')}) > 3`,
    ];
    for (const bomb of bombs) expect(() => parseExpression(bomb).evaluate(big), bomb).toThrow(/too much work/);
    // Text that the expression does not refer to does not count.
    expect(parseExpression('inputs.list.map(a, inputs.list.exists(b, inputs.other == "y"))[0]').evaluate(big)).toBe(true);
  });

  it('S5: matching a pattern takes time linear in the text, and an invalid pattern is reported', () => {
    const text = { ...scope, inputs: { text: `${'a'.repeat(5_000)}!` } };
    expect(parseExpression('inputs.text.matches("(a+)+$")').evaluate(text)).toBe(false);
    expect(parseExpression('inputs.text.matches("a!") && !inputs.text.matches("^!")').evaluate(text)).toBe(true);
    expect(() => parseExpression('inputs.text.matches("(a")').evaluate(text)).toThrow(/"\(a" is not a valid pattern/);
    expect(() => parseExpression('inputs.text.matches("(a{1000}){1000}")').evaluate(text)).toThrow(/is not a valid pattern/);
  });
});
