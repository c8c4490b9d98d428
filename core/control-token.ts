import { createHash, timingSafeEqual } from "node:crypto";
import { UsageError } from "./kanit-error.ts";

/** The variable in which programs with a control surface are told its token. Arguments are readable by every user. */
export const CONTROL_TOKEN_VARIABLE = "KANIT_CONTROL_TOKEN";

const SHORTEST_TOKEN_CHARS = 16;

/**
 * Reads the token of a control surface from a program's environment; null when there is none: the surface is then open
 * to every program that reaches it.
 *
 * @throws UsageError `short-control-token` for one that could be guessed, an empty one included.
 */
export function readControlToken(variables: Readonly<Record<string, string | undefined>>): string | null {
  const token = variables[CONTROL_TOKEN_VARIABLE];
  if (token === undefined) return null;
  if (token.length >= SHORTEST_TOKEN_CHARS) return token;
  throw new UsageError({
    code: "short-control-token",
    message: `Expected ${CONTROL_TOKEN_VARIABLE} to have at least ${SHORTEST_TOKEN_CHARS} characters, got ${token.length}.`,
    nextStep: "Give a longer one, or unset the variable to leave the control API open to this machine.",
  });
}

/**
 * Whether an `Authorization` header shows this token: as `Bearer <token>`, or as the password of `Basic`, which is what
 * HTTP clients make of `http://kanit:<token>@host`. Takes the same time wherever a wrong one differs.
 */
export function showsToken(authorization: string | readonly string[] | undefined, token: string): boolean {
  const text = typeof authorization === "string" ? authorization : "";
  const [, scheme = "", shown = ""] = /^(Bearer|Basic) +(\S+)$/i.exec(text) ?? [];
  const candidate = scheme.toLowerCase() === "basic" ? passwordOf(shown) : shown;
  return timingSafeEqual(digest(candidate), digest(token));
}

/** The address of a surface with its token, by which a client is told everything. */
export function withControlToken(address: string, token: string): string {
  const url = new URL(address);
  url.username = "kanit";
  url.password = token;
  return url.href.replace(/\/$/, "");
}

function passwordOf(credentials: string): string {
  const text = Buffer.from(credentials, "base64").toString("utf8");
  return text.slice(text.indexOf(":") + 1);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
