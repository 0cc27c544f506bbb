// Macros: calls whose arguments are code instead of values. The code runs once for each element, or only when it is needed.
import type { ASTNode } from '@marcbachmann/cel-js';
import { type Code, type Compile, type Frame, type Names, at, celErrorOf, demandBoolean } from './code.ts';
import { CelError, CelOptional, type CelValue, isList, isMap, keysOf, typeOf } from './value.ts';

export interface MacroCall {
  readonly name: string;
  /** The node before the dot; null for a call without a dot, such as has(…). */
  readonly receiver: ASTNode | null;
  readonly args: readonly ASTNode[];
}

interface Given {
  readonly names: Names;
  readonly compile: Compile;
}

/** The code of a macro; null when the call is not a macro. */
export function compileMacro(call: MacroCall, names: Names, compile: Compile): Code | null {
  const given: Given = { names, compile };
  const { name, receiver, args } = call;
  if (receiver === null) return name === 'has' && args.length === 1 ? compileHas(args[0] as ASTNode, given) : null;
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel' && args.length === 3) return compileBind(args, given);
  if (args.length === 1) {
    if (name === 'orValue' || name === 'or') return compileOr(call, given);
    return null;
  }
  const isMacro = name === 'map' ? args.length === 2 || args.length === 3 : ROUNDS.has(name) && args.length === 2;
  return isMacro ? compileRounds(call, given) : null;
}

/** Does the last member of a path exist? An absent member before the last one is an error. */
function compileHas(member: ASTNode, { names, compile }: Given): Code {
  if (member.op !== '.' && member.op !== '.?') throw new CelError('has() takes a member, such as has(inputs.name).');
  const of = compile(member.args[0], names);
  const name = String(member.args[1]);
  return (frame) => {
    const found = at(of(frame), name, true);
    return found instanceof CelOptional && found.value !== undefined;
  };
}

function compileBind([variable, value, body]: readonly ASTNode[], { names, compile }: Given): Code {
  const slot = names.slots.length;
  const bound = compile(value as ASTNode, names);
  const code = compile(body as ASTNode, within(names, variable));
  return (frame) => {
    frame.slots[slot] = bound(frame);
    return code(frame);
  };
}

/** Evaluates the argument only when the optional value is empty. */
function compileOr({ name, receiver, args }: MacroCall, { names, compile }: Given): Code {
  const [of, other] = [compile(receiver as ASTNode, names), compile(args[0] as ASTNode, names)];
  return (frame) => {
    const value = of(frame);
    if (!(value instanceof CelOptional)) throw new CelError(`${name} takes an optional value, not a ${typeOf(value)}.`);
    if (value.value !== undefined) return name === 'or' ? value : value.value;
    return other(frame);
  };
}

type Round = (value: CelValue) => CelValue;
type Rounds = (elements: readonly CelValue[], test: Round, transform: Round | undefined) => CelValue;

const ROUNDS: ReadonlyMap<string, Rounds> = new Map<string, Rounds>([
  ['all', (elements, test) => decided(elements, test, false)],
  ['exists', (elements, test) => decided(elements, test, true)],
  ['exists_one', (elements, test) => elements.filter((one) => demandBoolean(test(one))).length === 1],
  ['filter', (elements, test) => elements.filter((one) => demandBoolean(test(one)))],
  [
    'map',
    (elements, test, transform) =>
      transform === undefined ? elements.map(test) : elements.filter((one) => demandBoolean(test(one))).map(transform),
  ],
]);

/** A round whose result is `decides` gives the result, even when other rounds fail. */
function decided(elements: readonly CelValue[], test: Round, decides: boolean): boolean {
  let failure: CelError | null = null;
  for (const one of elements) {
    try {
      if (demandBoolean(test(one)) === decides) return decides;
    } catch (thrown) {
      failure ??= celErrorOf(thrown);
    }
  }
  if (failure !== null) throw failure;
  return !decides;
}

function compileRounds({ name, receiver, args }: MacroCall, { names, compile }: Given): Code {
  const rounds = ROUNDS.get(name) as Rounds;
  const of = compile(receiver as ASTNode, names);
  const slot = names.slots.length;
  const inner = within(names, args[0]);
  const [test, transform] = args.slice(1).map((one) => compile(one, inner));
  const round =
    (frame: Frame, code: Code): Round =>
    (value) => {
      frame.budget.spend(1);
      frame.slots[slot] = value;
      return code(frame);
    };
  return (frame) => {
    const list = of(frame);
    const elements = isList(list) ? list : isMap(list) ? keysOf(list) : null;
    if (elements === null) throw new CelError(`${name} takes a list or a map, not a ${typeOf(list)}.`);
    return rounds(elements, round(frame, test as Code), transform === undefined ? undefined : round(frame, transform));
  };
}

function within(names: Names, variable: ASTNode | undefined): Names {
  if (variable?.op !== 'id') throw new CelError('The first argument names the variable, such as x in list.map(x, x + 1).');
  return { ...names, slots: [...names.slots, variable.args] };
}
