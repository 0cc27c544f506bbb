// Fills `{output.body.id}` and the like in the request that undoes another, from the saved output.
//
// 1. One pass: an inserted value is never read as a placeholder.
// 2. In an address a value is one piece: URL-encoded, and refused where it would still change the path (empty, dots).
// 3. In a JSON body a placeholder that is the whole string keeps the type of its value; within text the value is escaped.
import { type Json, isJsonObject, TaskError } from '@windlass/engine/task';

const PLACEHOLDER = /\{output((?:\.[A-Za-z0-9_-]+)+)\}/g;

/** Does the value contain a placeholder? */
export function hasPlaceholders(value: Json): boolean {
  // A regular expression with the flag g remembers where it was; search does not.
  return JSON.stringify(value).search(PLACEHOLDER) !== -1;
}

/** An address with every value URL-encoded. Throws UNDO_INCOMPLETE. */
export function fillUrl(template: string, output: Json): string {
  return template.replace(PLACEHOLDER, (whole, path: string) => {
    const text = scalar(whole, valueAt(output, path));
    // Dots are not encoded, and a parser reads %2e as a dot too: `/things/..` would be another resource altogether.
    if (text === '' || /^\.+$/.test(text)) {
      throw new TaskError(
        'UNDO_INCOMPLETE',
        `The answer has "${text}" for ${whole}, which would make another address of it; undo it by hand.`,
      );
    }
    return encodeURIComponent(text);
  });
}

/** Headers; a value with a line break in it is refused. Throws UNDO_INCOMPLETE. */
export function fillHeaders(headers: { readonly [name: string]: string }, output: Json): { [name: string]: string } {
  const filled = Object.entries(headers).map(([name, template]) => {
    const text = template.replace(PLACEHOLDER, (whole, path: string) => {
      const value = scalar(whole, valueAt(output, path));
      if (/[\r\n\0]/.test(value))
        throw new TaskError('UNDO_INCOMPLETE', `The answer has a line break in ${whole}, which cannot stand in a header; undo it by hand.`);
      return value;
    });
    return [name, text] as const;
  });
  return Object.fromEntries(filled);
}

/** A JSON body, whatever its depth. Throws UNDO_INCOMPLETE. */
export function fillBody(template: Json, output: Json): Json {
  if (typeof template === 'string') {
    const onlyPath = new RegExp(`^${PLACEHOLDER.source}$`).exec(template)?.[1];
    if (onlyPath !== undefined) return present(template, valueAt(output, onlyPath));
    return template.replace(PLACEHOLDER, (whole, path: string) => scalar(whole, valueAt(output, path)));
  }
  if (Array.isArray(template)) return template.map((one) => fillBody(one, output));
  if (!isJsonObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([key, one]) => [key, fillBody(one, output)]));
}

/** A text body: values are escaped for its content type. Throws UNDO_INCOMPLETE. */
export function fillText(template: string, output: Json, contentType: string): string {
  return template.replace(PLACEHOLDER, (whole, path: string) => {
    const value = present(whole, valueAt(output, path));
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (/json/i.test(contentType)) return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : text;
    if (/x-www-form-urlencoded/i.test(contentType)) return encodeURIComponent(text);
    if (/xml|html/i.test(contentType)) return text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    return text;
  });
}

function valueAt(output: Json, path: string): Json | undefined {
  let at: Json | undefined = output;
  for (const step of path.slice(1).split('.')) {
    if (Array.isArray(at)) at = at[Number(step)];
    // Own members only: `constructor` is not something that a server answered.
    else at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

function present(whole: string, value: Json | undefined): Json {
  if (value !== undefined) return value;
  throw new TaskError(
    'UNDO_INCOMPLETE',
    `The answer had no ${whole.slice(1, -1)}, so the undoing request cannot be made; undo it by hand.`,
  );
}

function scalar(whole: string, value: Json | undefined): string {
  const there = present(whole, value);
  if (typeof there !== 'object') return String(there);
  throw new TaskError(
    'UNDO_INCOMPLETE',
    `The answer has no single value for ${whole.slice(1, -1)}, so the undoing request cannot be made; undo it by hand.`,
  );
}
