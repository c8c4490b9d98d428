/**
 * The value of a JSON text; undefined for any other text, such as a proxy's error page.
 *
 * @param exactNumbers Whether a number with a fraction or an exponent is returned as its digits, which a number of
 *   JavaScript's would round.
 */
export function parseAnswer(text: string, exactNumbers: boolean): unknown {
  try {
    return exactNumbers ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const digits = context?.source;
  return typeof value === "number" && digits !== undefined && !Number.isSafeInteger(value) ? digits : value;
}
