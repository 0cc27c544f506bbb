// Compiles a syntax tree to code that can be called many times. The tree comes from the library's parser; the library's own
// evaluation is not used (docs/decisions/0012). All names of an expression are known here, before any evaluation.
//
// 1. Every round of a macro, and every element or character that an operation reads, is counted (S5).
// 2. JSON is read by its own members only: a member called `constructor` is a member like any other.
// 3. Evaluation throws CelErrors only, and `&&`, `||`, `all` and `exists` pass over them as CEL requires.
import type { ASTNode } from '@marcbachmann/cel-js';
import { type Sign, calculate, negate, uintOf } from './arithmetic.ts';
import { FUNCTIONS, METHODS } from './functions.ts';
import { compileMacro } from './macros.ts';
import { type Code, type Names, at, celErrorOf, demandBoolean } from './code.ts';
import {
  type Budget,
  CelError,
  CelType,
  type CelKey,
  type CelValue,
  compare,
  equals,
  isList,
  isMap,
  keyOf,
  memberOfMap,
  sizeOfMap,
  typeOf,
} from './value.ts';

/** A compiled expression. */
export type Evaluate = (variables: { readonly [name: string]: CelValue }, budget: Budget) => CelValue;

export interface Compiled {
  readonly evaluate: Evaluate;
  /** An error sentence for each unknown variable or function; evaluating that part throws the error. */
  readonly unknown: readonly CelError[];
}

/** Compiles; throws a CelError for an invalid macro or literal. */
export function compileCel(root: ASTNode, variables: ReadonlySet<string>): Compiled {
  const unknown: CelError[] = [];
  const code = compile(root, { variables, slots: [], unknown });
  return { unknown, evaluate: (given, budget) => code({ budget, variables: given, slots: [] }) };
}

function failing(error: CelError, { unknown }: Names): Code {
  unknown.push(error);
  return () => {
    throw error;
  };
}

export function compile(node: ASTNode, names: Names): Code {
  const of = (one: ASTNode) => compile(one, names);
  switch (node.op) {
    case 'value':
      return constant(node.args);
    case 'id':
      return compileName(node.args, names);
    case '.':
    case '.?':
      return compileMember(node, names);
    case '[]':
    case '[?]': {
      const [list, index] = [of(node.args[0]), of(node.args[1])];
      const isOptional = node.op === '[?]';
      return (frame) => at(list(frame), index(frame), isOptional);
    }
    case 'list':
      return compileList(node.args.map(of));
    case 'map':
      return compileMap(node.args.map(([key, value]) => [of(key), of(value)]));
    case '!_': {
      const inner = of(node.args);
      return (frame) => !demandBoolean(inner(frame));
    }
    case '-_':
      return compileNegation(node.args, names);
    case '?:': {
      const [condition, yes, no] = [of(node.args[0]), of(node.args[1]), of(node.args[2])];
      return (frame) => (demandBoolean(condition(frame)) ? yes(frame) : no(frame));
    }
    case '&&':
      return either(of(node.args[0]), of(node.args[1]), false);
    case '||':
      return either(of(node.args[0]), of(node.args[1]), true);
    case 'call':
      return compileCall(node.args[0], node.args[1], names);
    case 'rcall':
      return compileMethod(node, names);
    default:
      return compileOperator(node.op, [of(node.args[0] as ASTNode), of(node.args[1] as ASTNode)]);
  }
}

function compileOperator(op: string, [left, right]: readonly [Code, Code]): Code {
  switch (op) {
    case '==':
      return (frame) => equals(left(frame), right(frame), frame.budget);
    case '!=':
      return (frame) => !equals(left(frame), right(frame), frame.budget);
    case '<':
      return (frame) => (compare(left(frame), right(frame), frame.budget) ?? 1) < 0;
    case '<=':
      return (frame) => (compare(left(frame), right(frame), frame.budget) ?? 1) <= 0;
    case '>':
      return (frame) => (compare(left(frame), right(frame), frame.budget) ?? -1) > 0;
    case '>=':
      return (frame) => (compare(left(frame), right(frame), frame.budget) ?? -1) >= 0;
    case 'in':
      return (frame) => isIn(left(frame), right(frame), frame.budget);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return (frame) => calculate(op satisfies Sign, [left(frame), right(frame)], frame.budget);
    default:
      throw new CelError(`The operator ${op} is not known.`);
  }
}

/** Code for a literal. The parser gives unsigned ints as objects of a class of its own. */
function constant(value: unknown): Code {
  const isUnsigned = typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'bigint';
  // Copied, because the parser gives a Buffer that shares its memory with other buffers.
  const read = isUnsigned ? uintOf(value.value as bigint) : value instanceof Uint8Array ? Uint8Array.from(value) : (value as CelValue);
  if (typeof read === 'bigint' && read > 2n ** 63n - 1n) throw new CelError(`${read} does not fit into an int of 64 bits.`);
  return () => read;
}

/** The literal of the least int is one above the largest int, so it is negated here before its range is checked. */
function compileNegation(inner: ASTNode, names: Names): Code {
  if (inner.op === 'value' && inner.args === 2n ** 63n) return () => -(2n ** 63n);
  const code = compile(inner, names);
  return (frame) => negate(code(frame));
}

const TYPES: ReadonlyMap<string, CelType> = new Map(
  [
    ...['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'optional_type'],
    ...['google.protobuf.Timestamp', 'google.protobuf.Duration'],
  ].map((name) => [name, new CelType(name)]),
);

function compileName(name: string, names: Names): Code {
  const { variables, slots } = names;
  const slot = slots.lastIndexOf(name);
  if (slot >= 0) return ({ slots: values }) => values[slot] ?? null;
  if (variables.has(name)) {
    return (frame) => {
      if (!Object.hasOwn(frame.variables, name)) throw new CelError(`"${name}" has no value here.`);
      return frame.variables[name] ?? null;
    };
  }
  const type = TYPES.get(name);
  if (type === undefined) return failing(new CelError(`Unknown variable: ${name}.`), names);
  return () => type;
}

function compileMember(node: Extract<ASTNode, { op: '.' | '.?' }>, names: Names): Code {
  const path = pathOf(node);
  const type = path === null || isNamed(path.split('.')[0] ?? '', names) ? undefined : TYPES.get(path);
  if (type !== undefined) return () => type;
  const of = compile(node.args[0], names);
  const name = String(node.args[1]);
  const isOptional = node.op === '.?';
  return (frame) => at(of(frame), name, isOptional);
}

function isNamed(name: string, { variables, slots }: Names): boolean {
  return variables.has(name) || slots.includes(name);
}

/** `a.b.c` as text; null when the node has parts that are not names. */
function pathOf(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return null;
  const before = pathOf(node.args[0]);
  return before === null ? null : `${before}.${String(node.args[1])}`;
}

function compileList(elements: readonly Code[]): Code {
  return (frame) => {
    frame.budget.spend(elements.length);
    return elements.map((element) => element(frame));
  };
}

function compileMap(entries: readonly (readonly [Code, Code])[]): Code {
  return (frame) => {
    frame.budget.spend(entries.length);
    const made = new Map<CelKey, CelValue>();
    for (const [keyCode, valueCode] of entries) {
      const value = keyCode(frame);
      // A JSON number that is whole counts as an int key.
      const key = keyOf(value);
      if (key === null) throw new CelError(`A ${typeOf(value)} cannot be a key of a map.`);
      if (made.has(key)) throw new CelError(`The map has the key ${JSON.stringify(String(key))} twice.`);
      made.set(key, valueCode(frame));
    }
    return made;
  };
}

function compileCall(name: string, args: readonly ASTNode[], names: Names): Code {
  const macro = compileMacro({ name, receiver: null, args }, names, compile);
  if (macro !== null) return macro;
  const called = FUNCTIONS.get(name)?.get(args.length);
  if (called === undefined) return failing(unknownFunction(name, args.length, FUNCTIONS), names);
  const codes = args.map((one) => compile(one, names));
  return (frame) =>
    called(
      codes.map((code) => code(frame)),
      frame.budget,
    );
}

function compileMethod(node: Extract<ASTNode, { op: 'rcall' }>, names: Names): Code {
  const [name, receiver, args] = node.args;
  const macro = compileMacro({ name, receiver, args }, names, compile);
  if (macro !== null) return macro;
  const path = pathOf(receiver);
  // `optional.none()` is a function whose name contains a dot.
  const whole = path === null || isNamed(path.split('.')[0] ?? '', names) ? undefined : FUNCTIONS.get(`${path}.${name}`)?.get(args.length);
  const called = whole ?? METHODS.get(name)?.get(args.length);
  if (called === undefined) return failing(unknownFunction(name, args.length, METHODS), names);
  const codes = (whole === undefined ? [receiver, ...args] : args).map((one) => compile(one, names));
  return (frame) =>
    called(
      codes.map((code) => code(frame)),
      frame.budget,
    );
}

function unknownFunction(name: string, given: number, known: ReadonlyMap<string, ReadonlyMap<number, unknown>>): CelError {
  const takes = known.get(name);
  if (takes === undefined) return new CelError(`There is no function ${name}.`);
  return new CelError(`The function ${name} takes ${[...takes.keys()].join(' or ')} arguments, not ${given}.`);
}

/** `&&` and `||`: the operand equal to `decides` gives the result, even when the other operand fails. */
function either(left: Code, right: Code, decides: boolean): Code {
  return (frame) => {
    let failure: CelError | null = null;
    try {
      if (demandBoolean(left(frame)) === decides) return decides;
    } catch (thrown) {
      failure = celErrorOf(thrown);
    }
    if (demandBoolean(right(frame)) === decides) return decides;
    if (failure !== null) throw failure;
    return !decides;
  };
}

function isIn(value: CelValue, of: CelValue, budget: Budget): boolean {
  if (isList(of)) {
    budget.spend(of.length);
    return of.some((one) => equals(value, one, budget));
  }
  if (!isMap(of)) throw new CelError(`"in" needs a list or a map, not a ${typeOf(of)}.`);
  return sizeOfMap(of) > 0 && memberOfMap(of, keyOf(value)) !== undefined;
}
