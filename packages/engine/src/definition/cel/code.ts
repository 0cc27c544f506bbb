// The type of compiled code, and the functions that its parts share: reading members, and demanding true or false.
import type { ASTNode } from '@marcbachmann/cel-js';
import { type Budget, BudgetSpent, CelError, CelOptional, type CelValue, isList, isMap, keyOf, memberOfMap, typeOf } from './value.ts';

/** The state of one evaluation. */
export interface Frame {
  readonly budget: Budget;
  readonly variables: { readonly [name: string]: CelValue };
  /** Values of the macro variables, by nesting depth of their macro. */
  readonly slots: CelValue[];
}
export type Code = (frame: Frame) => CelValue;

/** The names that a node of the syntax tree can use. */
export interface Names {
  readonly variables: ReadonlySet<string>;
  /** Macro variables, outermost first: the index of a name is its slot in the frame. */
  readonly slots: readonly string[];
  /** Collects an error for each unknown name. */
  readonly unknown: CelError[];
}

/** Compiles a part of an expression. */
export type Compile = (node: ASTNode, names: Names) => Code;

export function demandBoolean(value: CelValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelError(`A ${typeOf(value)} stands where true or false is needed.`);
}

/** Returns a CelError that CEL's logic may pass over; throws anything else, so a spent budget ends the evaluation. */
export function celErrorOf(thrown: unknown): CelError {
  if (thrown instanceof CelError && !(thrown instanceof BudgetSpent)) return thrown;
  throw thrown;
}

/** Reads a member or an element. In an optional value, reads the member of the value inside and wraps it again. */
export function at(of: CelValue, index: CelValue, isOptional: boolean): CelValue {
  if (of instanceof CelOptional) {
    if (of.value === undefined) return of;
    const inner = find(of.value, index);
    return new CelOptional(inner);
  }
  const found = find(of, index);
  if (isOptional) return new CelOptional(found);
  if (found !== undefined) return found;
  if (isList(of)) throw new CelError(`Index ${String(keyOf(index))} is outside of a list of ${of.length}.`);
  throw new CelError(`No such key: ${String(keyOf(index) ?? index)}.`);
}

function find(of: CelValue, index: CelValue): CelValue | undefined {
  const key = keyOf(index);
  if (isList(of)) {
    if (typeof key !== 'bigint') throw new CelError(`A list has no member ${JSON.stringify(String(key ?? typeOf(index)))}.`);
    return key < 0n || key >= BigInt(of.length) ? undefined : of[Number(key)];
  }
  if (isMap(of)) return memberOfMap(of, key);
  throw new CelError(`A ${typeOf(of)} has no members.`);
}
