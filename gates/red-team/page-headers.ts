import { type HttpAnswer, pathOn, requestHttp } from "../../network/index.ts";
import type { ProbeContext } from "../engine/check.ts";

/** An answer of the platform to a person's browser. */
export interface Page {
  readonly path: string;
  readonly answer: HttpAnswer;
}

/** Asks for paths of the platform, one after the other; a redirect is an answer, too. */
export async function askForPages(
  base: URL,
  paths: readonly string[],
  { signal, target }: Pick<ProbeContext, "signal" | "target">,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const path of paths) {
    const { allowedHosts } = target;
    const answer = await requestHttp(pathOn(base, path), { signal, allowedHosts, redirects: "return" });
    pages.push({ path, answer });
  }
  return pages;
}

/** A header as one text; empty where it is not there. */
export function headerOf({ answer }: Page, name: string): string {
  const value = answer.headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? "");
}
