// Our CEL against the public conformance data of the specification (npm @bufbuild/cel-spec): per file, what passes, and
// why the rest does not. What needs Protocol Buffers is counted apart, as JSON is all that a flow has.
import { type IncrementalTest, type IncrementalTestSuite, getConformanceSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import { Budget, type CelValue, compileCel, parseTree } from '@windlass/engine/cel';
import { NeedsProtobuf, fromProto, isSameValue, shown } from './cel-value.ts';

export interface CelFile {
  readonly name: string;
  readonly passed: number;
  readonly failed: readonly CelMiss[];
  /** Cases that need Protocol Buffers. */
  readonly beyond: number;
}
export interface CelMiss {
  readonly name: string;
  readonly expression: string;
  readonly why: string;
}

/** The files of which at least 95 of 100 cases are to pass. */
export const HELD_FILES: readonly string[] = ['parse', 'string', 'logic', 'lists', 'macros', 'comparisons', 'timestamps'];
export const HELD_SHARE = 0.95;

export function measureCel(): CelFile[] {
  return getConformanceSuite().suites.map(({ name, ...suite }) => {
    const file = { name, passed: 0, failed: [] as CelMiss[], beyond: 0 };
    for (const { path, test } of testsOf({ name, ...suite }, '')) {
      const verdict = judge(test);
      if (verdict === 'passed') file.passed += 1;
      else if (verdict === 'beyond') file.beyond += 1;
      else file.failed.push({ name: path, expression: test.original.expr, why: verdict.why });
    }
    return file;
  });
}

/** Of what needs no Protocol Buffers; 1 for a file that has nothing else. */
export function shareOf({ passed, failed }: CelFile): number {
  return passed + failed.length === 0 ? 1 : passed / (passed + failed.length);
}

function* testsOf(suite: IncrementalTestSuite, before: string): Generator<{ readonly path: string; readonly test: IncrementalTest }> {
  for (const test of suite.tests) yield { path: `${before}${test.name}`, test };
  for (const inner of suite.suites) yield* testsOf(inner, `${before}${inner.name}/`);
}

const MESSAGES =
  /\b(TestAllTypes|TestRequired|NestedTestAllTypes|cel\.expr|google\.protobuf\.(?!Timestamp|Duration)|proto\.(has|get)Ext|GlobalEnum|NestedEnum)/;

function judge({ original }: IncrementalTest): 'passed' | 'beyond' | { readonly why: string } {
  const { expr, container, bindings, resultMatcher, checkOnly, typeEnv } = original;
  if (MESSAGES.test(expr) || /google\.protobuf|TestAllTypes|conformance\.proto/.test(container)) return 'beyond';
  if (
    typeEnv.some(({ declKind }) =>
      /"messageType"/.test(JSON.stringify(declKind, (_, one) => (typeof one === 'bigint' ? String(one) : one))),
    )
  )
    return 'beyond';
  try {
    const variables = Object.fromEntries(
      Object.entries(bindings).flatMap(([name, { kind }]) => (kind.case === 'value' ? [[name, fromProto(kind.value)]] : [])),
    );
    const expected = expectedOf(resultMatcher);
    if (checkOnly) return { why: 'only the type is asked for, and our CEL infers none' };
    const answer = evaluate(expr, variables);
    if (expected === 'failure') return 'failure' in answer ? 'passed' : { why: `gives ${shown(answer.value)} where a failure is expected` };
    if ('failure' in answer) return { why: answer.failure };
    return isSameValue(answer.value, expected.value)
      ? 'passed'
      : { why: `gives ${shown(answer.value)} where ${shown(expected.value)} is expected` };
  } catch (thrown) {
    if (thrown instanceof NeedsProtobuf) return 'beyond';
    throw thrown;
  }
}

function expectedOf(matcher: IncrementalTest['original']['resultMatcher']): 'failure' | { readonly value: CelValue } {
  switch (matcher.case) {
    case 'value':
      return { value: fromProto(matcher.value) };
    case 'typedResult':
      return { value: matcher.value.result === undefined ? true : fromProto(matcher.value.result) };
    case 'evalError':
    case 'anyEvalErrors':
    case 'unknown':
    case 'anyUnknowns':
      return 'failure';
    case undefined:
      // As the data has it, a case without an expectation expects true.
      return { value: true };
  }
}

/** Without the check of names: the data calls functions that there are not, in places that are never reached. */
function evaluate(
  expression: string,
  variables: { readonly [name: string]: CelValue },
): { readonly value: CelValue } | { readonly failure: string } {
  try {
    const { evaluate: run } = compileCel(parseTree(expression), new Set(Object.keys(variables)));
    return { value: run(variables, new Budget(1_000_000)) };
  } catch (thrown) {
    const [sentence = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    return { failure: sentence };
  }
}
