// The parser of a flow's inputs, made from the JSON Schema that an author wrote. JavaScript's own regular expressions take hours for
// "(a+)+$" over 40 letters, and one such launch would stop the whole server (S5); so each pattern is matched in linear time.
import { z } from 'zod';
import { type Json, type JsonSchema, isJsonObject } from '../json.ts';
import { linearMatches } from './cel/linear-matches.ts';

/** Throws an Error with one sentence for a schema that cannot be read. */
export function inputsParser(schema: JsonSchema): z.ZodType {
  const refused = namesByPattern(schema);
  if (refused !== undefined) throw new Error(`"${refused}" is not accepted in the inputs of a flow.`);
  const parser = z.fromJSONSchema(schema as never);
  for (const check of regexChecks(parser)) check.pattern = linear(check.pattern.source);
  return parser;
}

interface RegexCheck {
  pattern: Pick<RegExp, 'source' | 'lastIndex' | 'test'> & { toString(): string };
}

function linear(source: string): RegexCheck['pattern'] {
  linearMatches('', source);
  return { source, lastIndex: 0, test: (text) => linearMatches(text, source), toString: () => `/${source}/` };
}

/** The pattern checks of a parser and of all parsers inside it. Zod reads the pattern of a check at each use. */
function regexChecks(parser: z.ZodType): RegexCheck[] {
  const found: RegexCheck[] = [];
  const seen = new Set<unknown>();
  const open: unknown[] = [parser];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null || next instanceof RegExp || seen.has(next)) continue;
    seen.add(next);
    if ('_zod' in next) open.push((next as { _zod: { def: unknown } })._zod.def);
    else if (isRegexCheck(next)) found.push(next);
    else open.push(...Object.values(next).map((value: unknown) => (isGetter(next, value) ? value() : value)));
  }
  return found;
}

function isRegexCheck(def: object): def is RegexCheck {
  return 'format' in def && def.format === 'regex' && 'pattern' in def && def.pattern instanceof RegExp;
}

/** A recursive schema holds its inner parser behind a function. */
function isGetter(def: object, value: unknown): value is () => unknown {
  return typeof value === 'function' && 'getter' in def && def.getter === value;
}

/** Zod matches names in functions of its own, whose patterns cannot be replaced. */
const NAMES_MATCHED = ['patternProperties', 'propertyNames'];

/** The first member, at any depth, that matches names by patterns. */
function namesByPattern(schema: JsonSchema): string | undefined {
  const open: Json[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next);
    if (!isJsonObject(next)) continue;
    const members = next;
    const refused = NAMES_MATCHED.find((name) => isJsonObject(members[name] ?? null));
    if (refused !== undefined) return refused;
    // The members of `properties` are names that the author chose.
    for (const [name, value] of Object.entries(members)) {
      if (name === 'properties' && isJsonObject(value)) open.push(...Object.values(value));
      else open.push(value);
    }
  }
  return undefined;
}
