import { readCString, readText } from "./message-body.ts";
import type { PgMessage } from "./message-reader.ts";
import type { PgResult } from "./request-queue.ts";

const DECLARE = /^\s*declare\s+"?(?<cursor>[\w$]+)"?\s[^;]{0,80}?\bcursor\b/i;
const FETCH = /^\s*fetch\s+(?:[\w\s+-]{0,60}\b(?:from|in)\s+)?"?(?<cursor>[\w$]+)"?\s*;?\s*$/i;
/** SQL's own prepared statements have the same names as those of the protocol. */
const PREPARE = /^\s*prepare\s+"?(?<name>[\w$]+)"?\s*(?:\([^)]{0,500}\))?\s*\bas\b/i;
const EXECUTE = /^\s*execute\s+"?(?<name>[\w$]+)"?\s*(?:[(;]|$)/i;

const MAX_NAMES = 2_000;
const MAX_TEXT_LENGTH = 1024 * 1024;

/**
 * Maps a name to its query: prepared statements, the portals made from them, and cursors. The oldest are forgotten when
 * there are very many.
 */
export class StatementBook {
  readonly #statements = new Map<string, string>();
  readonly #portals = new Map<string, PgResult>();
  readonly #cursors = new Map<string, PgResult>();
  #resultCount = 0;
  #textLength = 0;

  /** The text of the query that a Query or Execute runs; undefined when it is unknown. */
  textOf({ type, body }: PgMessage): string | undefined {
    if (type === "Q") return readText(body);
    const portal = type === "E" ? readCString(body) : undefined;
    return portal === undefined ? undefined : this.#portals.get(portal.text)?.text;
  }

  /** The result that a request with this text fetches, in part or as a whole. */
  resultOf({ type, body }: PgMessage, text: string | undefined): PgResult | undefined {
    const cursor = text === undefined ? undefined : FETCH.exec(text)?.groups?.cursor;
    if (cursor !== undefined) return this.#cursors.get(cursor.toLowerCase()) ?? this.#newResult(undefined);
    const executed = text === undefined ? undefined : EXECUTE.exec(text)?.groups?.name;
    if (executed !== undefined) return this.#newResult(this.#statements.get(executed.toLowerCase()));
    const portal = type === "E" ? readCString(body) : undefined;
    return portal === undefined ? undefined : this.#portals.get(portal.text);
  }

  /** The same knowledge, which later changes of this one do not affect. */
  copy(): StatementBook {
    const copy = new StatementBook();
    for (const [name, text] of this.#statements) copy.#statements.set(name, text);
    for (const [name, result] of this.#portals) copy.#portals.set(name, result);
    for (const [name, result] of this.#cursors) copy.#cursors.set(name, result);
    copy.#resultCount = this.#resultCount;
    copy.#textLength = this.#textLength;
    return copy;
  }

  /** Records the cursor that a query declares, or the statement that it prepares. */
  noteQuery(text: string): void {
    const prepared = PREPARE.exec(text)?.groups?.name;
    if (prepared !== undefined) this.#setStatement(prepared.toLowerCase(), text);
    const cursor = DECLARE.exec(text)?.groups?.cursor;
    if (cursor === undefined) return;
    if (this.#cursors.size >= MAX_NAMES) this.#cursors.clear();
    this.#cursors.set(cursor.toLowerCase(), this.#newResult(text));
  }

  /** Records a message that is sent to the server. */
  note({ type, body }: PgMessage): void {
    if (type === "P") this.#noteParse(body);
    else if (type === "B") this.#noteBind(body);
    else if (type === "C") this.#noteClose(body);
  }

  #noteParse(body: Buffer): void {
    const name = readCString(body);
    if (name === undefined) return;
    this.#setStatement(name.text, readText(body, name.next));
  }

  #setStatement(name: string, text: string): void {
    this.#forget(name);
    this.#statements.set(name, text);
    this.#textLength += text.length;
    for (const oldest of this.#statements.keys()) {
      if (this.#statements.size <= MAX_NAMES && this.#textLength <= MAX_TEXT_LENGTH) break;
      this.#forget(oldest);
    }
  }

  #noteBind(body: Buffer): void {
    const portal = readCString(body);
    const statement = portal === undefined ? undefined : readCString(body, portal.next);
    if (portal === undefined || statement === undefined) return;
    if (this.#portals.size >= MAX_NAMES) this.#portals.clear();
    this.#portals.set(portal.text, this.#newResult(this.#statements.get(statement.text)));
  }

  #noteClose(body: Buffer): void {
    const name = readCString(body, 1);
    if (name === undefined) return;
    if (body.toString("latin1", 0, 1) === "S") this.#forget(name.text);
    else this.#portals.delete(name.text);
  }

  #newResult(text: string | undefined): PgResult {
    this.#resultCount += 1;
    return { key: `result ${this.#resultCount}`, text };
  }

  #forget(statement: string): void {
    this.#textLength -= this.#statements.get(statement)?.length ?? 0;
    this.#statements.delete(statement);
  }
}
