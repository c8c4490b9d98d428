/**
 * The value of a JSON text, or undefined when it is none: an answer may be a proxy's error page or cut short by
 * a fault, which the caller counts, and clients go on.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
