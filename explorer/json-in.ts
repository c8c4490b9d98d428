const SHOWN_CHARS = 40;

/**
 * The JSON in a text, to be judged by a schema. Without any, the text's beginning is returned: to a schema that is a
 * mistake like any other.
 */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, SHOWN_CHARS);
  }
}
