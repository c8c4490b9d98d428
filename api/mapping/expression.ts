import jsonata from "jsonata";
import { LinearRegExp } from "./linear-regexp.ts";

/** A mapping takes some ten steps; one that takes as many as these does not end by itself. */
const MAX_STEPS = 20_000;
const MAX_DEPTH = 200;
const MAX_SEQUENCE = 10_000;
/** JSONata calls it before each step (https://docs.jsonata.org/embedding-extending). */
const BEFORE_STEP = Symbol.for("jsonata.__evaluate_entry");

/** Why an expression could not be compiled or evaluated. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** A JSONata expression, ready to be evaluated. */
export interface Expression {
  readonly source: string;
  /**
   * Its value for an input; undefined where there is none. `variables` are bound by their names, without the dollar.
   *
   * @throws ExpressionError when it cannot be evaluated for this input, or takes too many steps.
   */
  evaluate(input: unknown, variables?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/**
 * Compiles a JSONata expression. Its evaluation is bounded by steps and not by the clock, so that a busy machine cannot
 * make it fail, and its regular expressions are RE2's.
 *
 * @throws ExpressionError with the place of what is wrong.
 */
export function compileExpression(source: string): Expression {
  const compiled = compile(source);
  const steps = new WeakMap<object, number>();
  compiled.assign(BEFORE_STEP as unknown as string, (_step: unknown, _input: unknown, frame: Frame) => {
    const taken = (steps.get(frame.base) ?? 0) + 1;
    if (taken > MAX_STEPS) throw new ExpressionError(`it takes more than ${MAX_STEPS} steps`);
    steps.set(frame.base, taken);
  });
  return {
    source,
    evaluate: async (input, variables = {}) => {
      try {
        return plainValue(await compiled.evaluate(input, variables));
      } catch (error) {
        throw new ExpressionError(messageOf(error), { cause: error });
      }
    },
  };
}

/** What JSONata hands to its hooks; `base` is one object for each evaluation. */
interface Frame {
  readonly base: object;
}

function compile(source: string): jsonata.Expression {
  try {
    const compiled = jsonata(source, {
      RegexEngine: LinearRegExp as unknown as RegExpConstructor,
      stack: MAX_DEPTH,
      sequence: MAX_SEQUENCE,
    });
    for (const pattern of patternsIn(compiled.ast())) void new LinearRegExp(pattern);
    return compiled;
  } catch (error) {
    throw new ExpressionError(messageOf(error), { cause: error });
  }
}

/** The regular expressions in a syntax tree: what RE2 does not have is refused before anything is mapped. */
function patternsIn(node: unknown): readonly RegExp[] {
  if (node instanceof RegExp) return [node];
  return typeof node === "object" && node !== null ? Object.values(node).flatMap(patternsIn) : [];
}

/** JSONata's lists carry marks of their own, and its functions are no values. */
function plainValue(value: unknown): unknown {
  if (value === undefined || typeof value === "function") return undefined;
  return Array.isArray(value) ? [...value] : value;
}

/** JSONata throws objects that are no errors. */
function messageOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return String(error);
  const place = "position" in error ? ` (at character ${String(error.position)})` : "";
  return `${String(error.message)}${place}`;
}
