import { defineCheck } from "../engine/check.ts";
import { askForPages, headerOf, type Page } from "./page-headers.ts";
import { strippedNonce } from "./stripped-nonce.ts";

const PATHS = ["/", "/dashboard"] as const;
const INLINE = /<(script|style)\b([^>]*)>/gi;
const NONCE_OF_TAG = /\bnonce=["']([^"']*)["']/i;

/** Would the browser run each script of each page? */
export const cspNonce = defineCheck({
  id: "csp-nonce",
  title: "6. CSP nonce of inline scripts",
  question: "Has each script and style of a page the nonce of the page's own policy?",
  risk: "A script without it does not run: the page is empty for users, and each server-side test is green.",
  command: `curl -si "$TARGET/dashboard" | grep -iE 'content-security-policy|<script|<style'`,
  passes:
    "each page's policy has a nonce for scripts, and each script and style element has the nonce of its kind",
  fix: "Give the template the nonce of the answer, and pass it to each script and style element.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["url"],
  mutant: strippedNonce,
  observe: async ({ url }, context) => {
    const asOfMs = context.clock.nowMs();
    const pages = await askForPages(url, PATHS, context);
    const read = pages.map((page) => ({
      path: page.path,
      elements: elementsOf(page),
      problems: problemsOf(page),
    }));
    const elements = read.reduce((sum, page) => sum + page.elements.length, 0);
    return {
      expected: PATHS,
      examined: read.filter((page) => page.elements.length > 0).map(({ path }) => path),
      acts: [{ what: "requests", asked: PATHS.length, happened: pages.length }],
      asOfMs,
      violations: read.flatMap(({ path, problems }) => problems.map((problem) => `${path}: ${problem}`)),
      unclear: [],
      summary: `${elements} scripts and styles on ${pages.length} pages`,
      texts: [
        [
          "6. CSP nonce of inline scripts",
          ...read.flatMap(({ path, elements: found }) => [
            `  ${path}`,
            ...found.map(({ tag, nonce }) => `    ${tag}: ${nonce === null ? "no nonce" : "a nonce"}`),
          ]),
          "",
        ].join("\n"),
      ],
    };
  },
});

interface PageElement {
  readonly tag: "script" | "style";
  readonly nonce: string | null;
}

function elementsOf({ answer }: Page): readonly PageElement[] {
  return [...answer.text.matchAll(INLINE)].map(([, tag = "", attributes = ""]) => ({
    tag: tag.toLowerCase() === "script" ? "script" : "style",
    nonce: NONCE_OF_TAG.exec(attributes)?.[1] ?? null,
  }));
}

function problemsOf(page: Page): readonly string[] {
  if (!page.answer.ok) return [`status ${page.answer.status}`];
  const policy = headerOf(page, "content-security-policy");
  const nonces = { script: noncesOf(policy, "script-src"), style: noncesOf(policy, "style-src") };
  return [
    ...(nonces.script.length === 0 ? ["the policy has no nonce for scripts"] : []),
    ...elementsOf(page)
      .filter(({ tag, nonce }) => nonce === null || !nonces[tag].includes(nonce))
      .map(({ tag, nonce }) =>
        nonce === null
          ? `a ${tag} has no nonce, so it is not used`
          : `a ${tag} has a nonce that the policy does not`,
      ),
  ];
}

function noncesOf(policy: string, directive: string): readonly string[] {
  const parts = policy.split(";").map((part) => part.trim().split(/\s+/));
  const sources =
    parts.find(([name]) => name === directive) ?? parts.find(([name]) => name === "default-src") ?? [];
  return sources.flatMap((source) => /^'nonce-(.+)'$/.exec(source)?.[1] ?? []);
}
