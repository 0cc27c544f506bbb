// Expressions (S1, S5): CEL over `inputs`, `outputs`, `failures` and `secrets`, without access to anything else.
// The library parses the text; the evaluation is our own (cel/compile.ts), so that its work is counted and JSON is read as
// stored. CEL has no loops except its list macros, so the work is also bounded before evaluation: by the expression's length,
// its syntax tree, its macro nesting, (longest list in reach) ^ (nesting), and that product times the text in reach.
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { compileCel } from './cel/compile.ts';
import { storedTimestamp } from './cel/times.ts';
import { Budget, CelError, CelTimestamp, CelUint, type CelValue, isMap, keysOf, memberOfMap } from './cel/value.ts';
import { type Json, type JsonObject, isJsonObject, memberOf } from '../json.ts';
import { REFUSED_NAME, refusedNameSentence } from '../refused-name.ts';

/**
 * Limits of one expression. `work` limits the characters that its operations may have to read, and is checked before it runs.
 * `steps` limits rounds of macros, elements, and units of 16 characters while it runs; a unit takes at most 0.2 µs.
 */
export const EXPRESSION_LIMITS = {
  length: 4_000,
  nodes: 2_000,
  depth: 60,
  nesting: 3,
  rounds: 200_000,
  work: 200_000_000,
  steps: 5_000_000,
  result: 1_048_576,
};

const MACROS = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);
const ROOTS = ['inputs', 'outputs', 'failures', 'secrets'] as const;
/** Variables that only some expressions have, with the name of those expressions. */
const SPECIAL = { retry: 'the expression of a retry', failure: 'the condition of a link on failure' } as const;
type Special = keyof typeof SPECIAL;
type SeenSpecial = { readonly [name in Special]?: boolean };
const VARIABLES: ReadonlySet<string> = new Set([...ROOTS, 'retry', 'failure']);
/** The variables of a for-each key. The roots are included only so that using one gives an error sentence of its own. */
const KEY_VARIABLES: ReadonlySet<string> = new Set([...ROOTS, 'element']);

/** Parses only; the compiler decides which names an expression may use. */
const parser = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  limits: { maxAstNodes: EXPRESSION_LIMITS.nodes, maxDepth: EXPRESSION_LIMITS.depth },
});

/** The inputs, outputs, failures and secrets that an expression uses; outputs and failures with their first field. */
export interface References {
  readonly inputs: readonly string[];
  readonly outputs: readonly { readonly item: string; readonly field: string | null }[];
  /** Items whose caught failures are used. */
  readonly failures: readonly { readonly item: string; readonly field: string | null }[];
  readonly secrets: readonly string[];
}

/** A parsed expression. `evaluate` throws an Error with one sentence. */
export interface Expression {
  readonly references: References;
  evaluate(values: ExpressionValues): Json;
}

/** The values of an expression's variables. */
export interface ExpressionValues {
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  readonly failures?: JsonObject;
  readonly secrets: JsonObject;
  /** Only in the expression of a retry: `attempt`, `failure`, `history`. */
  readonly retry?: JsonObject;
  /** Only in the condition of a link on failure: `code`, `message`, `atom`, `data`. */
  readonly failure?: JsonObject;
  /** Only in the key of a for-each (P6). */
  readonly element?: Json;
}

/** Parses the key of a for-each (P6). Its only variable is `element`, the element whose key it gives. */
export function parseElementKey(source: string): Expression {
  const key = parseIn(KEY_VARIABLES, source, {});
  const { inputs, outputs, failures, secrets } = key.references;
  if (inputs.length + outputs.length + failures.length + secrets.length > 0) throw new Error('A key can use only `element`.');
  return key;
}

/** Parses; throws an Error with one sentence when the expression is too long, too deep or not CEL. */
export function parseExpression(source: string, options: SeenSpecial = {}): Expression {
  return parseIn(VARIABLES, source, options);
}

function parseIn(variables: ReadonlySet<string>, source: string, options: SeenSpecial): Expression {
  if (source.length > EXPRESSION_LIMITS.length) {
    throw new Error(`The expression has ${source.length} characters; at most ${EXPRESSION_LIMITS.length} are allowed.`);
  }
  const tree = parseTree(source);
  const found = survey(tree);
  for (const name of found.special) if (options[name] !== true) throw new Error(`Only ${SPECIAL[name]} can see \`${name}\`.`);
  if (found.nesting > EXPRESSION_LIMITS.nesting) {
    throw new Error(`List functions are nested ${found.nesting} deep; at most ${EXPRESSION_LIMITS.nesting} are allowed.`);
  }
  const { evaluate, unknown } = compileCel(tree, variables);
  if (unknown[0] !== undefined) throw unknown[0];
  return {
    references: found.references,
    evaluate(values) {
      boundWork(values, found);
      return toJson(evaluate({ ...values }, new Budget(EXPRESSION_LIMITS.steps)), { left: EXPRESSION_LIMITS.result });
    },
  };
}

/** The syntax tree of an expression; throws the parser's error. */
export function parseTree(source: string): ASTNode {
  return parser.parse(source).ast;
}

function boundWork(values: ExpressionValues, { nesting, splits, calls, references, special }: Survey): void {
  const reached = [
    ...references.inputs.map((name) => memberOf(values.inputs, name) ?? null),
    ...references.outputs.map(({ item }) => memberOf(values.outputs, item) ?? null),
    ...references.failures.map(({ item }) => memberOf(values.failures ?? {}, item) ?? null),
    ...special.map((name) => values[name] ?? null),
    ...(values.element === undefined ? [] : [values.element]),
  ];
  const longest = nesting === 0 ? 1 : reached.reduce((most: number, value) => Math.max(most, longestIn(value, splits)), 1);
  const rounds = longest ** nesting;
  if (rounds > EXPRESSION_LIMITS.rounds) {
    throw new Error(
      `A list of ${longest} elements gone through ${nesting} deep would take ${rounds} rounds; at most ${EXPRESSION_LIMITS.rounds} are allowed.`,
    );
  }
  const text = reached.reduce((most: number, value) => Math.max(most, textIn(value)), 1);
  if (rounds * text * calls > EXPRESSION_LIMITS.work) {
    throw new Error(`Reading a text of ${text} characters in ${calls} operations, ${rounds} times, is too much work for an expression.`);
  }
}

/** Length of the longest text in a value. */
function textIn(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value) && !isJsonObject(value)) return 1;
  const members = Array.isArray(value) ? value : Object.values(value);
  return members.reduce((most: number, one) => Math.max(most, textIn(one)), 1);
}

/** Size of the longest list or map in a value; texts count too when the expression can split them into lists. */
function longestIn(value: Json, splits: boolean): number {
  if (typeof value === 'string') return splits ? value.length : 1;
  if (!Array.isArray(value) && !isJsonObject(value)) return 1;
  const members = Array.isArray(value) ? value : Object.values(value);
  return members.reduce((most: number, one) => Math.max(most, longestIn(one, splits)), members.length);
}

/** Converts to JSON and counts characters and members, so that a small expression cannot build a huge value. */
function toJson(value: CelValue, budget: { left: number }): Json {
  budget.left -= typeof value === 'string' ? value.length : 1;
  if (budget.left < 0) throw new CelError(`The result of the expression has more than ${EXPRESSION_LIMITS.result} characters.`);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new CelError(`The result of the expression is ${value}, which JSON cannot store.`);
  }
  if (Array.isArray(value)) return value.map((one: CelValue) => toJson(one, budget));
  if (value instanceof CelTimestamp) return storedTimestamp(value);
  if (!isMap(value)) throw new CelError('The result of the expression cannot be stored. Give text, numbers, lists or maps.');
  const keys = keysOf(value);
  if (keys.includes(REFUSED_NAME)) throw new CelError(refusedNameSentence('The result of the expression'));
  return Object.fromEntries(keys.map((key) => [String(key), toJson(memberOfMap(value, key) ?? null, budget)]));
}

interface Survey {
  readonly references: References;
  readonly nesting: number;
  readonly splits: boolean;
  readonly special: readonly Special[];
  /** Number of operations and calls. */
  readonly calls: number;
}

function survey(root: ASTNode): Survey {
  const inputs = new Set<string>();
  const secrets = new Set<string>();
  const outputs = new Map<string, { item: string; field: string | null }>();
  let deepest = 0;
  let splits = false;
  const failures = new Map<string, { item: string; field: string | null }>();
  const special = new Set<Special>();
  /** Element names of the macros around this node; they hide variables of the same name. */
  const bound: string[] = [];
  let calls = 0;

  const visit = (node: unknown, nesting: number): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one, nesting);
      return;
    }
    if (!isNode(node)) return;
    if (node.op !== 'id' && node.op !== 'value' && node.op !== '.') calls += 1;
    if (node.op === 'id' && (node.args === 'retry' || node.args === 'failure') && !bound.includes(node.args)) special.add(node.args);
    const path = memberPath(node);
    if (path !== null) {
      const [name, first, second] = path;
      if (name === 'inputs' && first !== undefined) inputs.add(first);
      if (name === 'secrets' && first !== undefined) secrets.add(first);
      if ((name === 'outputs' || name === 'failures') && first !== undefined) {
        (name === 'outputs' ? outputs : failures).set(`${first}.${second ?? ''}`, { item: first, field: second ?? null });
      }
      if (name !== undefined && (ROOTS as readonly string[]).includes(name)) {
        if (first === undefined) throw new Error(`Name a member: ${name}.something, not only ${name}.`);
        return;
      }
    }
    const called = node.op === 'rcall' || node.op === 'call' ? String(node.args[0]) : '';
    splits ||= called === 'split';
    const inner = MACROS.has(called) ? nesting + 1 : nesting;
    deepest = Math.max(deepest, inner);
    const name = inner > nesting ? nameOfMacro(node) : null;
    if (name === null) {
      visit(node.args, inner);
      return;
    }
    const [, list, body] = node.args as [string, ASTNode, ASTNode[]];
    visit(list, inner);
    bound.push(name);
    visit(body, inner);
    bound.pop();
  };
  visit(root, 0);
  return {
    references: { inputs: [...inputs], outputs: [...outputs.values()], failures: [...failures.values()], secrets: [...secrets] },
    nesting: deepest,
    splits,
    special: [...special],
    calls,
  };
}

/** The name that a macro gives to each element, such as `x` in `list.map(x, x + 1)`. */
function nameOfMacro(node: ASTNode): string | null {
  const [, , args] = node.args as readonly unknown[];
  const [name] = Array.isArray(args) ? (args as readonly unknown[]) : [];
  return isNode(name) && name.op === 'id' ? name.args : null;
}

/** `outputs.a.b` and `outputs["a"].b` as ['outputs','a','b']; null when the node is not a plain path from a name. */
function memberPath(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return null;
  const [of, member] = node.args as [ASTNode, ASTNode | string];
  const before = memberPath(of);
  if (before === null) return null;
  if (typeof member === 'string') return [...before, member];
  if (member.op === 'value' && typeof member.args === 'string') return [...before, member.args];
  // The name of a computed member is unknown, so the path ends here; the caller visits the computation.
  return before.length > 1 ? before : null;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
