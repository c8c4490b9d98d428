/**
 * Text in which a semicolon does not end a statement: string literals, quoted names, dollar quotes, comments.
 */
const OPAQUE = new RegExp(
  [
    String.raw`[eE]'(?:[^'\\]|\\[\s\S]|'')*'`,
    `'[^']*'`,
    `"[^"]*"`,
    String.raw`(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1`,
    String.raw`--[^\n]*`,
  ].join("|"),
  "y",
);
const OPENING = /[eE]?'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const BLOCK_COMMENT_EDGE = /\/\*|\*\//g;
const COMMIT = /^(?:commit|end)(?:\s+(?:work|transaction))?(?:\s+and\s+no\s+chain)?$/i;

/**
 * Whether the last statement of a query ends its transaction by COMMIT. `AND CHAIN` begins another one, and COMMIT
 * PREPARED ends one that is not the session's.
 */
export function endsInCommit(text: string): boolean {
  const last = splitStatements(text).at(-1);
  return last !== undefined && COMMIT.test(last);
}

/** The statements of a query, without comments, and with a space for each quoted text. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = [];
  let current = "";
  for (let at = 0; at < text.length; ) {
    const end = opaqueEnd(text, at);
    if (end > at) {
      current += " ";
      at = end;
    } else {
      const letter = text.charAt(at);
      if (letter === ";") statements.push(current);
      current = letter === ";" ? "" : current + letter;
      at += 1;
    }
  }
  return [...statements, current]
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

function opaqueEnd(text: string, at: number): number {
  if (text.startsWith("/*", at)) return blockCommentEnd(text, at);
  // Within a word, as in `value'` or `a$b$`, the letter e and a dollar sign do not begin a literal.
  if (/[eE$]/.test(text.charAt(at)) && /[\w$]/.test(text.charAt(at - 1))) return at;
  OPAQUE.lastIndex = at;
  if (OPAQUE.test(text)) return OPAQUE.lastIndex;
  // An unclosed literal or comment extends to the end, as in PostgreSQL. Searching for the end of each one in
  // turn would take time quadratic in the query's length.
  OPENING.lastIndex = at;
  return OPENING.test(text) ? text.length : at;
}

/** Block comments nest in PostgreSQL. */
function blockCommentEnd(text: string, at: number): number {
  let depth = 0;
  for (const edge of text.slice(at).matchAll(BLOCK_COMMENT_EDGE)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return at + edge.index + edge[0].length;
  }
  return text.length;
}
