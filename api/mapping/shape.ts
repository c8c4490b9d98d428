import { compileExpression, type Expression, ExpressionError } from "./expression.ts";

/** One JSONata expression for a whole value, or one for each of its fields. */
export type ShapeSource = string | Readonly<Record<string, string>>;

/** Compiles a shape. A field whose expression has no value is left out. @throws ExpressionError */
export function compileShape(source: ShapeSource): Expression {
  if (typeof source === "string") return compileExpression(source);
  const fields = Object.entries(source).map(([name, expression]) => {
    try {
      compileExpression(expression);
    } catch (error) {
      throw new ExpressionError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return `${JSON.stringify(name)}: (${expression})`;
  });
  return compileExpression(`{ ${fields.join(", ")} }`);
}
