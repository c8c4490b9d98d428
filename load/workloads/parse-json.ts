/**
 * Returns the value of a JSON text, or undefined when it is not JSON: an answer may be a proxy's error page,
 * or cut off by a fault.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
