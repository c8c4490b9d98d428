import { compileExpression, type Expression, ExpressionError } from "./expression.ts";

/** A text with JSONata in braces, such as `/v1/trades/{id}`. */
export interface Template {
  readonly source: string;
  /**
   * The text for an input, each value written by `encode`; null when one of the expressions has no value.
   *
   * @throws ExpressionError when an expression cannot be evaluated, or its value is no text, number or boolean.
   */
  fill(input: unknown, encode: (value: string) => string): Promise<string | null>;
}

const PART = /\{([^{}]*)\}|([^{}]+)|[{}]/g;

/**
 * Reads a template. Braces inside of an expression are not possible there.
 *
 * @throws ExpressionError naming the expression that does not compile, or the brace that has no partner.
 */
export function parseTemplate(source: string): Template {
  const parts: readonly (string | Expression)[] = [...source.matchAll(PART)].map(
    ([whole, expression, text]) => {
      if (text !== undefined) return text;
      if (expression === undefined) throw new ExpressionError(`the brace ${whole} has no partner`);
      return compileExpression(expression);
    },
  );
  return {
    source,
    fill: async (input, encode) => {
      let filled = "";
      for (const part of parts) {
        if (typeof part === "string") filled += part;
        else {
          const value = await part.evaluate(input);
          if (value === undefined || value === null) return null;
          if (typeof value === "object")
            throw new ExpressionError(`expected a text in {${part.source}}, got ${JSON.stringify(value)}`);
          filled += encode(String(value));
        }
      }
      return filled;
    },
  };
}
