import { readNumber } from "./number-literal.ts";
import { PromqlError } from "./promql-error.ts";

/** A text, a comment, the beginning of a number or a duration, an identifier, or another single character. */
const TOKEN = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`[^`]*`?|#.*|\.?\d|[a-zA-Z_:][\w:]*|\s+|[\s\S]/y;
const NUMBER =
  /0[xX]_?[\da-fA-F]+(?:_[\da-fA-F]+)*|(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?/y;
const DURATION = /(?:\d+(?:ms|[smhdwy]))+(?!\w)/y;
/** Tokens after which an operand may follow: an operator, an opening parenthesis, a comma. */
const BEFORE_OPERAND = /^(?:|[-+*/%^(,=<>!~]|and|or|unless|atan2|bool)$/i;

/**
 * The text for the grammar, as long as the expression, so that positions stay the same. Prometheus's grammar
 * for JavaScript cannot read everything that Prometheus's own lexer accepts: numbers such as `0X1F` and
 * `1.e2`, and a metric named `offset`. These are rewritten in a form that it reads; their meaning is taken
 * from the expression itself.
 *
 * @throws PromqlError `promql-syntax` for a number that Go cannot represent, and for `1and`.
 */
export function grammarText(expression: string): string {
  let written = "";
  let previous = "";
  let isInBrackets = false;
  for (let position = 0; position < expression.length; position = written.length) {
    TOKEN.lastIndex = position;
    let token = TOKEN.exec(expression)?.[0] ?? expression.charAt(position);
    if (isInBrackets && token.startsWith(":")) token = ":";
    if (/^\.?\d/.test(token)) {
      token = numberAt(expression, position);
      written += DURATION_END.test(token) && !/^0x/i.test(token) ? token : "1".repeat(token.length);
    } else if (/^offset$/i.test(token) && BEFORE_OPERAND.test(previous)) written += "x".repeat(token.length);
    else written += token;
    if (token === "[") isInBrackets = true;
    if (token === "]") isInBrackets = false;
    if (!/^[\s#]/.test(token)) previous = token;
  }
  return written;
}

const DURATION_END = /[smhdwy]$/;

/** The number or duration at a position. */
function numberAt(expression: string, position: number): string {
  NUMBER.lastIndex = position;
  const number = NUMBER.exec(expression)?.[0] ?? "";
  const end = position + number.length;
  const fail = (reason: string): never => {
    throw new PromqlError("promql-syntax", reason, expression, { from: position, to: end });
  };
  if (/\w/.test(expression.charAt(end))) {
    DURATION.lastIndex = position;
    const duration = DURATION.exec(expression)?.[0];
    if (duration === undefined)
      return fail(`bad number or duration syntax: ${JSON.stringify(expression.slice(position, end + 1))}`);
    if (readNumber(duration) === undefined) return fail(`not a valid duration string: "${duration}"`);
    return duration;
  }
  if (Number.isFinite(readNumber(number))) return number;
  return fail(`error parsing number: strconv.ParseFloat: parsing "${number}": value out of range`);
}
