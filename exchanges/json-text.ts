/** The value of a client's text, or why it was not parsed. */
export type JsonText =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "bad"; readonly why: string };

/**
 * How deeply lists and objects may be nested. Serde, which the venues' own servers use, has the same limit;
 * without one, code that walks the value would exceed the stack.
 */
const MAX_DEPTH = 128;

/** Parses a client's text. Never throws. */
export function parseJson(text: string): JsonText {
  if (isTooDeep(text)) return { kind: "bad", why: `recursion limit exceeded: more than ${MAX_DEPTH} levels` };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (cause) {
    return { kind: "bad", why: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** Counts brackets outside of strings only; the parser detects text that is not JSON. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (isInString) {
      if (letter === "\\") index++;
      else if (letter === '"') isInString = false;
    } else if (letter === '"') isInString = true;
    else if (letter === "[" || letter === "{") {
      depth++;
      if (depth > MAX_DEPTH) return true;
    } else if (letter === "]" || letter === "}") depth--;
  }
  return false;
}
