import { defineCheck } from "../engine/check.ts";
import { askForPages, headerOf } from "./page-headers.ts";
import { preloadedFront } from "./preloaded-front.ts";

const PATHS = ["/", "/dashboard", "/api/healthz"] as const;
const HSTS = "strict-transport-security";

/** Does a header ask browsers for what cannot be taken back for months? */
export const hstsPreloadTrap = defineCheck({
  id: "hsts-preload-trap",
  title: "4. HSTS preload trap",
  question: "Does no answer offer the domain for the browsers' preload list?",
  risk: "Once a domain is on the list, each subdomain must speak TLS, and browsers forget it only after 6 to 12 months.",
  command: `for p in ${PATHS.join(" ")}; do curl -sI "$TARGET$p" | grep -i ${HSTS}; done`,
  passes: "each answer has Strict-Transport-Security, and none has its directive preload",
  fix: "Take `preload` out of the header. Decide on it apart from a release, when each subdomain has spoken TLS for a year.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["url"],
  mutant: preloadedFront,
  observe: async ({ url }, context) => {
    const asOfMs = context.clock.nowMs();
    const pages = await askForPages(url, PATHS, context);
    const found = pages.map((page) => ({ path: page.path, header: headerOf(page, HSTS) }));
    const offers = found.filter(({ header }) => directivesOf(header).includes("preload"));
    return {
      expected: PATHS,
      // An answer without the header says nothing of what another one would ask for.
      examined: found.filter(({ header }) => header !== "").map(({ path }) => path),
      acts: [{ what: "requests", asked: PATHS.length, happened: pages.length }],
      asOfMs,
      violations: offers.map(({ path, header }) => `${path}: ${header}`),
      unclear: [],
      summary: `${offers.length} of ${found.length} answers ask for preload`,
      texts: [
        [
          "4. HSTS preload trap",
          ...found.map(({ path, header }) => `  ${path}: ${header || "(none)"}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

function directivesOf(header: string): readonly string[] {
  return header.split(/[;,]/).map((part) => part.trim().toLowerCase());
}
