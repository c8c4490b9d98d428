/**
 * The value of a JSON text, or undefined when it is not JSON: an answer may be the error page of a proxy or
 * cut short by a fault. The caller counts it, and clients go on.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
