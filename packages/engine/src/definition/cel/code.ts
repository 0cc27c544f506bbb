// What compiled code is, and what its parts share: reading members, and asking for true or false.
import type { ASTNode } from '@marcbachmann/cel-js';
import { type Budget, BudgetSpent, CelError, CelOptional, type CelValue, isList, isMap, keyOf, memberOfMap, typeOf } from './value.ts';

/** What code sees while it runs. */
export interface Frame {
  readonly budget: Budget;
  readonly variables: { readonly [name: string]: CelValue };
  /** Variables of the macros around, by the depth at which each stands. */
  readonly slots: CelValue[];
}
export type Code = (frame: Frame) => CelValue;

/** Names that stand for something where a node stands. */
export interface Names {
  readonly variables: ReadonlySet<string>;
  /** Of macros, outermost first: the place of a name is its slot. */
  readonly slots: readonly string[];
  /** Takes up names that stand for nothing. */
  readonly unknown: CelError[];
}

/** Compiles a part of an expression. */
export type Compile = (node: ASTNode, names: Names) => Code;

export function demandBoolean(value: CelValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelError(`A ${typeOf(value)} stands where true or false is needed.`);
}

/** What CEL's logic may pass over; work beyond the budget is no such failure, and ends the evaluation. */
export function celErrorOf(thrown: unknown): CelError {
  if (thrown instanceof CelError && !(thrown instanceof BudgetSpent)) return thrown;
  throw thrown;
}

/** A member or an element. Of an optional value, the same inside it. */
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
