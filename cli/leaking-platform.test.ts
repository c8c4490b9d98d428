import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

const PATIENCE_MS = 300_000;
const LEAK = fileURLToPath(new URL("testing/leak.mjs", import.meta.url));
const SPARK = fileURLToPath(new URL("../platform/", import.meta.url));
/** Of the environment of `platform.yml`, of `--env`, and of those that the lab draws. */
const NAMES = [
  ...["BINANCE_API_KEY", "BINANCE_API_SECRET", "BTCTURK_PRIVATE_KEY", "BTCTURK_PUBLIC_KEY", "DATABASE_URL"],
  ...["KANIT_PLATFORM_TOKEN", "PAYMENT_TOKEN", "VENUE_PASSPHRASE", "WEBHOOK"],
];
const WEBHOOK = "T0AB12CD34B0123456789abcdefg";
const ENVIRONMENT = ['PAYMENT_TOKEN=p4ss/w"ord+1=%<q>&\\x', "VENUE_PASSPHRASE=correct horse battery staple"];
/** Any so many characters of a secret in a row are a leak, whatever is written between them and the rest. */
const RECOGNIZED_CHARACTERS = 10;

const SCENARIO = `name: leaking-platform
hypothesis: What a platform leaks stays out of everything that a run writes.
timing: { steadyBeforeMs: 1000, steadyAfterMs: 500 }
faults:
  - { fault: { kind: latency, link: binance-rest, latencyMs: 20 }, forMs: 500 }
expectation:
  recoversWithinMs: 3000
  holds:
    - { name: a leak that is measured, expression: leak_info, limit: { atMost: 0 } }
`;

/** What the platform leaked, as it tells beside its definition. */
interface Leak {
  readonly name: string;
  readonly spelling: string;
  readonly secret: string;
  readonly text: string;
}

let kanit: CommandLine;
/** Everything that the run wrote, by the name of the file or stream. */
const written = new Map<string, string>();
let leaks: readonly Leak[] = [];

/** Spark, with its leak, as a platform of a user. */
async function writePlatform(folder: string): Promise<string> {
  const spark = await readFile(join(SPARK, "platform.yml"), "utf8");
  const path = join(folder, "platform.yml");
  const leaking = spark
    .replace("[node, main.ts]", JSON.stringify(["node", "--import", LEAK, join(SPARK, "main.ts")]))
    .replace("[node, migrate.ts]", JSON.stringify(["node", "--import", LEAK, join(SPARK, "migrate.ts")]))
    .replace("migrations: ", `migrations: ${SPARK}`)
    .replace(/^environment:\n/m, `environment:\n  WEBHOOK: ${WEBHOOK}\n`);
  await writeFile(path, leaking);
  return path;
}

beforeAll(async () => {
  kanit = await openCommandLine();
  const folder = kanit.temporaryDirectory;
  const out = join(folder, "out");
  const ciSummary = join(folder, "ci-summary.md");
  await writeFile(join(folder, "scenario.yml"), SCENARIO);
  const platform = await writePlatform(folder);
  const { exitCode, stdout, stderr } = await kanit.run(
    [
      ...["run", join(folder, "scenario.yml"), "--platform", platform, "--out", out],
      ...ENVIRONMENT.flatMap((variable) => ["--env", variable]),
    ],
    { GITHUB_STEP_SUMMARY: ciSummary },
  );
  // A platform that answers with other ids than its own fails, on any machine.
  expect(exitCode, stdout + stderr).toBe(1);
  const leaked = await readFile(join(folder, "leaked.jsonl"), "utf8");
  leaks = leaked
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  written.set("standard output", stdout).set("standard error", stderr);
  written.set("CI summary", await readFile(ciSummary, "utf8"));
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) written.set(entry.name, await readFile(join(entry.parentPath, entry.name), "utf8"));
  }
}, PATIENCE_MS);
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
}, PATIENCE_MS);

/** Where a text contains so many characters of the secret in a row. */
function pieceOf(secret: string, text: string): string | undefined {
  for (let start = 0; start + RECOGNIZED_CHARACTERS <= secret.length; start++) {
    const piece = secret.slice(start, start + RECOGNIZED_CHARACTERS);
    if (text.includes(piece)) return piece;
  }
  return undefined;
}

describe("a run with a platform that prints, logs, answers and measures its secrets", () => {
  it("meets every secret of the platform in 17 spellings", () => {
    expect([...new Set(leaks.map(({ name }) => name))].sort()).toEqual(NAMES);
    expect(new Set(leaks.map(({ spelling }) => spelling)).size).toBe(17);
  });

  it("was reached by the leak in each way: its log, its migration, its answers, its metrics", () => {
    expect(written.get("spark.log")).toContain("leaking PAYMENT_TOKEN");
    // A migration is given nothing but its database.
    expect(written.get("migrate.log")).toContain("leaking DATABASE_URL");
    expect(written.get("spark.log")).toMatch(/in two writes\): \[redacted\]$/m);
    // The ids with which the platform answered are secrets here, and the judgment shows ids.
    expect(written.get("run.json")).toMatch(/answered with [^"]{0,20}\[redacted\]/);
    expect(written.get("run.json")).toContain("a leak that is measured");
    expect(written.get("standard output")).toContain("[redacted]");
  });

  it("writes evidence, report, JUnit, summaries and logs", () => {
    expect([...written.keys()]).toEqual(
      expect.arrayContaining([
        ...["index.html", "journal.jsonl", "junit.xml", "run.json", "summary.md", "manifest.json"],
        ...["CI summary", "standard output", "standard error"],
      ]),
    );
  });

  it("writes none of them anywhere", () => {
    const found = [...written].flatMap(([file, text]) =>
      leaks.flatMap((leak) => {
        const quoted = JSON.stringify(leak.text).slice(1, -1);
        const isWhole = text.includes(leak.text) || text.includes(quoted);
        const piece = pieceOf(leak.secret, text);
        return isWhole || piece !== undefined ? [`${file}: ${leak.name}, ${leak.spelling}`] : [];
      }),
    );
    expect(found).toEqual([]);
  });
});
