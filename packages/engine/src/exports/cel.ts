// Only the evaluator of expressions, for measuring it with CEL's conformance data.
export { type Evaluate, compileCel } from '../definition/cel/compile.ts';
export {
  type CelKey,
  type CelValue,
  Budget,
  CelDuration,
  CelTimestamp,
  CelType,
  CelUint,
  isList,
  isMap,
  keysOf,
  memberOfMap,
  typeOf,
} from '../definition/cel/value.ts';
export { parseTree } from '../definition/expression.ts';
