import type { Budget, CelValue } from './value.ts';

/** A function that an expression can call. Throws a CelError when the arguments do not fit. */
export type CelFunction = (args: readonly CelValue[], budget: Budget) => CelValue;
export type NamedFunction = readonly [name: string, args: number, call: CelFunction];

/** Functions by name and number of arguments. */
export type Overloads = ReadonlyMap<string, ReadonlyMap<number, CelFunction>>;
