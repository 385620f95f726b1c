/**
 * On which line of a JSON text a value stands, so that a person can be sent to it. The text has been parsed before: it
 * is valid JSON.
 */

const spaces = /\s*/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const scalar = /[^\s,\]}]+/y;

/** Line (from 1) of the value at a path, or of the nearest value around it. */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  let at = after(spaces, text, 0);
  for (const step of path) {
    const inside = enter(text, at, step);
    if (inside === undefined) break;
    at = inside;
  }
  return text.slice(0, at).split('\n').length;
}

/** Offset of the member or element `step` of the object or array at `at`. */
function enter(text: string, at: number, step: PropertyKey): number | undefined {
  for (const { key, valueAt } of members(text, at)) if (key === step) return valueAt;
  return undefined;
}

/** Members of the object or elements of the array at `at`; none of a scalar. Returns the offset behind it. */
function* members(text: string, at: number): Generator<{ key: unknown; valueAt: number }, number> {
  const isObject = text[at] === '{';
  if (!isObject && text[at] !== '[') return after(text[at] === '"' ? string : scalar, text, at);
  let next = after(spaces, text, at + 1);
  for (let index = 0; text[next] !== '}' && text[next] !== ']'; index += 1) {
    let key: unknown = index;
    if (isObject) {
      const keyEnd = after(string, text, next);
      key = JSON.parse(text.slice(next, keyEnd));
      next = after(spaces, text, after(spaces, text, keyEnd) + 1);
    }
    yield { key, valueAt: next };
    next = after(spaces, text, endOf(text, next));
    if (text[next] === ',') next = after(spaces, text, next + 1);
  }
  return next + 1;
}

function endOf(text: string, at: number): number {
  const walk = members(text, at);
  for (;;) {
    const step = walk.next();
    if (step.done) return step.value;
  }
}

/** Offset behind what the pattern matches at `at`. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) throw new Error(`Not JSON at ${at}`);
  return at + match[0].length;
}
