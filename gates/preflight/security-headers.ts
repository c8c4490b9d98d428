import { type HttpAnswer, pathOn, requestHttp } from "../../network/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { cachedPages } from "./cached-pages.ts";

/** The paths of the requirement. */
const PATHS = ["/", "/dashboard", "/api/healthz"] as const;
const SHOWN_HEADERS = [
  "content-security-policy",
  "cross-origin-embedder-policy",
  "cross-origin-opener-policy",
  "strict-transport-security",
  "x-content-type-options",
] as const;
const LEAST_HSTS_SECONDS = 31_536_000;
const NONCE = /'nonce-([^']+)'/;

interface Page {
  readonly path: string;
  /** The same page, asked twice. */
  readonly answers: readonly [HttpAnswer, HttpAnswer];
}

/** Do the answers carry the headers that keep foreign scripts out? */
export const securityHeaders = defineCheck({
  id: "security-headers",
  title: "CSP, COEP and HSTS headers",
  question: "Does each answer carry CSP, COEP and HSTS, with a nonce that changes with each page?",
  risk: "A foreign script trades for the user; with a nonce that stays the same, it just copies the nonce.",
  command: `for p in / /dashboard /api/healthz; do curl -sI "$TARGET$p"; curl -sI "$TARGET$p"; done | grep -iE 'HTTP/|content-security|cross-origin|strict-transport'`,
  passes: `${PATHS.join(", ")} carry all three, HSTS for at least a year, and each HTML page a new nonce that its scripts name`,
  fix: "Set the headers where the pages are made, draw a nonce for each answer, and let no cache keep a page.",
  evidence: ["csp_headers_{release}.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["url"],
  mutant: cachedPages,
  observe: async ({ url }, context) => {
    const asOfMs = context.clock.nowMs();
    const pages = await Promise.all(PATHS.map((path) => askTwice(url, path, context)));
    const violations = pages.flatMap(problemsOf);
    return {
      expected: PATHS,
      examined: pages.map(({ path }) => path),
      acts: [
        {
          what: "requests",
          asked: 2 * PATHS.length,
          happened: pages.flatMap(({ answers }) => answers).length,
        },
      ],
      asOfMs,
      violations,
      unclear: [],
      summary:
        violations.length === 0 ? `${PATHS.length} paths, nonces change` : `${violations.length} problems`,
      texts: [pages.flatMap(linesOf).join("\n")],
    };
  },
});

async function askTwice(base: URL, path: string, { signal, target }: ProbeContext): Promise<Page> {
  const ask = () =>
    requestHttp(pathOn(base, path), { signal, allowedHosts: target.allowedHosts, redirects: "return" });
  return { path, answers: [await ask(), await ask()] };
}

function header({ headers }: HttpAnswer, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? "");
}

function problemsOf({ path, answers }: Page): readonly string[] {
  const [first, second] = answers;
  const policy = header(first, "content-security-policy");
  const scripts = policy.split(";").find((part) => part.trim().startsWith("script-src")) ?? "";
  const age = Number(/max-age=(\d+)/.exec(header(first, "strict-transport-security"))?.[1] ?? Number.NaN);
  const hasNonce = NONCE.test(scripts);
  const problems = [
    first.ok && second.ok ? "" : `status ${first.status} and ${second.status}`,
    policy === "" ? "no Content-Security-Policy" : "",
    scripts.includes("'unsafe-inline'") && !hasNonce ? "scripts of any origin may run: 'unsafe-inline'" : "",
    /^(?:require-corp|credentialless)$/.test(header(first, "cross-origin-embedder-policy"))
      ? ""
      : "no Cross-Origin-Embedder-Policy that isolates",
    age >= LEAST_HSTS_SECONDS ? "" : `HSTS for ${Number.isNaN(age) ? "no time" : `${age} s`}, not a year`,
    ...(isPage(first) ? nonceProblems(first, second) : []),
  ];
  return problems.filter((problem) => problem !== "").map((problem) => `${path}: ${problem}`);
}

function isPage(answer: HttpAnswer): boolean {
  return header(answer, "content-type").startsWith("text/html");
}

function nonceProblems(first: HttpAnswer, second: HttpAnswer): readonly string[] {
  const nonceOf = (answer: HttpAnswer) => NONCE.exec(header(answer, "content-security-policy"))?.[1];
  const nonce = nonceOf(first);
  if (nonce === undefined) return ["no nonce in the policy of a page"];
  return [
    nonce === nonceOf(second) ? "the nonce is the same in two answers" : "",
    first.text.includes(`nonce="${nonce}"`) ? "" : "no script of the page has the nonce of its policy",
  ];
}

function linesOf({ path, answers }: Page): readonly string[] {
  return answers.flatMap((answer, index) => [
    `# ${path}, answer ${index + 1}: ${answer.status}`,
    ...SHOWN_HEADERS.map((name) => `${name}: ${header(answer, name) || "(none)"}`),
    "",
  ]);
}
