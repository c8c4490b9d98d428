import { HeaderFields } from "./header-fields.ts";
import { Unreadable } from "./unreadable.ts";

/** A request's head (RFC 9112, 3). */
export interface RequestHead {
  readonly method: string;
  /** The target's path, without its query, which often contains a signature. */
  readonly path: string;
  /** 0 or 1: of HTTP/1.0 or HTTP/1.1. */
  readonly minorVersion: number;
  readonly fields: HeaderFields;
}

/** A reply's head (RFC 9112, 4). */
export interface ReplyHead {
  readonly status: number;
  readonly minorVersion: number;
  readonly fields: HeaderFields;
}

/** How one kind of head is recognized and parsed. */
export interface HeadSyntax<Head> {
  /**
   * Whether bytes that begin like this may be such a head. Called with the first few of them, at least one.
   */
  mayBegin(text: string): boolean;
  /** `lines`: everything up to the empty line, without line ends. */
  read(lines: readonly string[]): Head | Unreadable;
}

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) ([^\s]+) HTTP\/1\.([01])$/;
const REQUEST_START = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}(?: |$)/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/;
const STATUS_START = "HTTP/1.";

export const REQUEST_SYNTAX: HeadSyntax<RequestHead> = {
  mayBegin: (text) => REQUEST_START.test(text),
  read([line = "", ...rest]) {
    const match = REQUEST_LINE.exec(line);
    if (match === null) {
      const isPreface = line === "PRI * HTTP/2.0";
      return new Unreadable(isPreface ? "HTTP/2" : "an HTTP/1 request line was expected");
    }
    const fields = HeaderFields.read(rest);
    if (fields instanceof Unreadable) return fields;
    const [, method = "", target = "", minor] = match;
    return { method, path: pathOf(target), minorVersion: Number(minor), fields };
  },
};

export const REPLY_SYNTAX: HeadSyntax<ReplyHead> = {
  mayBegin: (text) => text.startsWith(STATUS_START) || STATUS_START.startsWith(text),
  read([line = "", ...rest]) {
    const match = STATUS_LINE.exec(line);
    if (match === null) return new Unreadable("an HTTP/1 status line was expected");
    const fields = HeaderFields.read(rest);
    if (fields instanceof Unreadable) return fields;
    return { status: Number(match[2]), minorVersion: Number(match[1]), fields };
  },
};

/** Whether the sender of this head will reuse the connection (RFC 9112, 9.3). */
export function keepsAlive({ minorVersion, fields }: RequestHead | ReplyHead): boolean {
  const options = fields.listOf("connection");
  if (options.includes("close")) return false;
  return minorVersion === 1 || options.includes("keep-alive");
}

/** The path of a target in origin-form or absolute-form; other forms stay unchanged. */
function pathOf(target: string): string {
  const withoutOrigin = target.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, "");
  return withoutOrigin.replace(/[?#].*$/s, "") || "/";
}
