import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { licenseFindings, USUAL_LICENSES } from "../../statements/index.ts";
import { defineCheck } from "../engine/check.ts";
import { git } from "../engine/read-commit.ts";
import { relicensedPackage } from "./relicensed-package.ts";

const LOCK_FILE = "package-lock.json";
const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.object({
      license: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

/** Does a package that is shipped have a license that is new, or that nobody allowed? */
export const licenseDrift = defineCheck({
  id: "license-drift",
  title: "15. License drift",
  question:
    "Has each package that is shipped a license that asks for no more than a notice, the same as in the release before?",
  risk: "An update brings a copyleft or a commercial license, and selling the product is a breach of it from then on.",
  command: `git diff $(git describe --tags --abbrev=0 HEAD^) -- ${LOCK_FILE} | grep '"license"'; jq -r '.packages[] | select(.dev | not) | .license' ${LOCK_FILE} | sort | uniq -c`,
  passes: `each package of ${LOCK_FILE} that is not only for development has one of the usual permissive licenses, and none has another than at the tag before`,
  fix: "Return to the version before, or choose another package; where lawyers accept the license, record their decision.",
  evidence: ["license_drift_test.txt"],
  deadlineMs: 30_000,
  maxAgeMs: 60_000,
  needs: ["repository"],
  mutant: relicensedPackage,
  observe: async ({ repository: { directory } }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const text = await readFile(join(directory, LOCK_FILE), "utf8");
    const now = componentsOf(text);
    const before = await lockBefore(directory, signal);
    const findings = licenseFindings(
      { components: now },
      before === null ? null : { components: componentsOf(before.text) },
      USUAL_LICENSES,
    );
    return {
      expected: ["packages"],
      examined: now.length === 0 ? [] : ["packages"],
      acts: [],
      asOfMs,
      violations: findings.map(
        ({ package: name, license, before: old, isAllowed }) =>
          `${name}: ${license}${old === null || old === license ? "" : `, before ${old}`}${isAllowed ? "" : ", which is not allowed"}`,
      ),
      unclear: [],
      summary: `${now.length} packages, ${findings.length} findings, compared with ${before?.tag ?? "no earlier release"}`,
      texts: [
        [
          `15. License drift: ${now.length} packages, compared with ${before?.tag ?? "no earlier release"}`,
          ...countsOf(now),
          ...findings.map(({ package: name, license }) => `  finding: ${name} ${license}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

/** A package as a bill of materials has it. */
interface Component {
  readonly name: string;
  readonly licenses: readonly { readonly expression: string }[];
}

function componentsOf(lock: string): readonly Component[] {
  const { packages } = lockShape.parse(JSON.parse(lock));
  return Object.entries(packages)
    .filter(([path, { dev, link }]) => path !== "" && dev !== true && link !== true)
    .map(([path, { license }]) => ({
      name: path.split("node_modules/").at(-1) ?? path,
      licenses: license === undefined ? [] : [{ expression: license }],
    }));
}

async function lockBefore(
  directory: string,
  signal: AbortSignal,
): Promise<{ readonly tag: string; readonly text: string } | null> {
  const merged = await git(directory, ["tag", "--merged", "HEAD", "--sort=-creatordate"], signal);
  const here = await git(directory, ["tag", "--points-at", "HEAD"], signal);
  const tag = merged.split("\n").find((name) => name !== "" && !here.split("\n").includes(name));
  if (tag === undefined) return null;
  const listed = await git(directory, ["ls-tree", "--name-only", tag, LOCK_FILE], signal);
  return listed === "" ? null : { tag, text: await git(directory, ["show", `${tag}:${LOCK_FILE}`], signal) };
}

function countsOf(components: readonly Component[]): readonly string[] {
  const groups = Map.groupBy(components, ({ licenses }) => licenses[0]?.expression ?? "none");
  return [...groups]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([license, { length }]) => `  ${String(length).padStart(5)}  ${license}`);
}
