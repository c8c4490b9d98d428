import { badTemplate } from "./template-error.ts";

/** A part of a template: plain text, or the content between `{{` and `}}`. */
export type Piece = { readonly kind: "text" | "action"; readonly text: string };

const COMMENT = /\/\*[\s\S]*?\*\/\s*-?\}\}/y;
/** The tokens of an action that matter for finding its end: quoted texts may contain a `}}`. */
const INSIDE = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\s-\}\}|\}\}|[\s\S]/y;
const TOKEN =
  /\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|[+-]?(?:0[xX][\da-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|\$\w*|\.[a-zA-Z_]\w*|\.|[a-zA-Z_]\w*|:=|=|,|\||\(|\))/y;

/** Texts and actions in order; `{{- ` and ` -}}` remove the blanks beside them, comments are dropped. */
export function cutTemplate(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimsNext = false;
  const addText = (written: string, trimsEnd: boolean) => {
    const begun = trimsNext ? written.trimStart() : written;
    const kept = trimsEnd ? begun.trimEnd() : begun;
    if (kept !== "") pieces.push({ kind: "text", text: kept });
  };
  for (let start = text.indexOf("{{"); start !== -1; start = text.indexOf("{{", position)) {
    const trimsBefore = /^-\s/.test(text.slice(start + 2, start + 4));
    addText(text.slice(position, start), trimsBefore);
    const from = start + (trimsBefore ? 3 : 2);
    const end = endOfAction(text, from);
    const closing = text.slice(from, end);
    trimsNext = /\s-\}\}$/.test(closing);
    const action = closing.slice(0, trimsNext ? -3 : -2).trim();
    if (!action.startsWith("/*")) pieces.push({ kind: "action", text: action });
    position = end;
  }
  addText(text.slice(position), false);
  return pieces;
}

/** The position after the `}}` of the action whose content begins at `from`. */
function endOfAction(text: string, from: number): number {
  const begin = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  if (text.startsWith("/*", begin)) {
    COMMENT.lastIndex = begin;
    if (COMMENT.test(text)) return COMMENT.lastIndex;
    throw badTemplate(text, "a comment that does not end");
  }
  for (let position = from; position < text.length; position = INSIDE.lastIndex) {
    INSIDE.lastIndex = position;
    if (INSIDE.exec(text)?.[0].endsWith("}}")) {
      const literal = /^["`']/.test(text.charAt(position));
      if (!literal) return INSIDE.lastIndex;
    }
  }
  throw badTemplate(text, "an action that does not end");
}

/** The tokens of an action; a field that belongs to the token directly before it begins with `#`. */
export function tokenize(written: string, text: string): string[] {
  const tokens: string[] = [];
  for (let position = 0; written.slice(position).trim() !== ""; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(written);
    if (match === null) throw badTemplate(text, written.slice(position).trim());
    const token = match[1] ?? "";
    const isField = token.startsWith(".") && token !== "." && match[0] === token && position > 0;
    tokens.push(isField ? `#${token}` : token);
  }
  return tokens;
}
