import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readReleaseDefinition } from "../../../definition/index.ts";
import { readCanaryPlan } from "../../../gates/index.ts";
import {
  checkPolicy,
  listRelease,
  readPolicy,
  readReleaseStory,
  verifyRelease,
} from "../../../releases/index.ts";
import {
  NOW_MS,
  type Person,
  personOf,
  sealedRelease,
  trusting,
} from "../../../releases/testing/sealed-release.ts";
import { readTrustedKeys, signStatement, statementOf, verifyBundle } from "../../../signatures/index.ts";
import { changedText, type FileChange, fileChanges } from "../file-change.ts";
import { type FuzzTarget, type OpenedTarget, SHARES, slowTarget, target, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const RELEASE = "v1.4.0";
const TYPE = "urn:kanit:test:v1";
const CLOCK = { nowMs: () => NOW_MS };
const YAML_WORDS = [
  "\n",
  "  ",
  "- ",
  ": ",
  "&a ",
  "*a",
  "!!binary ",
  "<<: *a",
  "[",
  "{",
  "|",
  "\t",
  "#",
  "? ",
];
const POLICY = {
  ...{ schema: "kanit.policy/1", expires: "2026-01-01" },
  require: [{ type: "https://slsa.dev/provenance/v1", by: ["mara"], least: 2, result: "PASSED" }],
};
const RELEASE_FILES = [
  {
    ...{ url: "https://canary.example.com", health: "/h", metrics: "/metrics", allowHosts: ["x.example"] },
    ...{ database: { env: "DATABASE_URL" }, migrations: "m", repository: ".", evidence: "out", keys: "keys" },
    ...{ logs: ["a.log"], owners: ["mara"], deployer: "jon", alertmanager: "http://127.0.0.1:9093" },
    pgbouncer: { console: "postgresql://kanit@127.0.0.1/pgbouncer", poolMode: "session" },
    prometheus: { url: "http://127.0.0.1:9090", targets: ["spark"] },
    features: { path: "/f", defaults: { a: true } },
    venueClocks: { binance: "https://x.example/time" },
    venueMarkets: { binance: "https://x.example/markets" },
  },
];
const CANARY_PLANS = [
  {
    ...{
      stages: [
        { share: 1, duration: "30s" },
        { share: 50, duration: "2m", longest: "5m" },
      ],
    },
    ...{ look: "5s", settle: "10s", longestBlind: "1m", whenInconclusive: "hold", falseAlarmRate: 0.05 },
    ...{ critical: ["http_errors"], withoutTriggers: ["a"], samples: { http_errors: 100 } },
  },
];

/** Archives of releases, what is signed in them, and the files by which a user describes a release. */
export function releaseTargets(folder: string): readonly FuzzTarget[] {
  const written = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const readRelease = (text: string) =>
    readReleaseDefinition(written("release.yml", text), () => "postgresql://a:b@127.0.0.1/c");
  const readPlan = (text: string) => readCanaryPlan(written("canary.yml", text));
  const policy = (text: string) => readPolicy(written("policy.yml", text));
  const fileTarget = (name: string, open: () => Promise<OpenedTarget["read"]>) =>
    slowTarget(name, SHARES.files, fileChanges, async () => ({
      read: await open(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));
  return [
    target("release-file", textsNear(YAML_WORDS, RELEASE_FILES.map(yamlOf)), readRelease),
    target("release-file-shapes", shapesOf(...RELEASE_FILES), readRelease),
    target("canary-plan", textsNear(YAML_WORDS, CANARY_PLANS.map(yamlOf)), readPlan),
    target("canary-plan-shapes", shapesOf(...CANARY_PLANS), readPlan),
    target("release-policy", textsNear(YAML_WORDS, [yamlOf(POLICY)]), policy),
    target("release-policy-shapes", shapesOf(POLICY), policy),
    fileTarget("public-keys", () => openKeys(written)),
    fileTarget("bundle", () => openBundle(folder)),
    fileTarget("release-archive", () => openArchive(folder)),
  ];
}

/** A text that YAML reads as the same data. */
function yamlOf(data: object): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join("");
}

const changeOf = (text: string): FileChange => JSON.parse(text);

async function openKeys(written: (name: string, text: string) => string): Promise<OpenedTarget["read"]> {
  const { publicFile } = personOf("mara");
  return (text) => readTrustedKeys([written("mara.keys.json", changedText(publicFile, changeOf(text)))]);
}

/** A change of a signed statement has to be refused, or change nothing that is signed. */
async function openBundle(folder: string): Promise<OpenedTarget["read"]> {
  const mara = personOf("mara");
  const keys = await trusting(mkdtempSync(join(folder, "keys-")), [mara]);
  const at = new Date(NOW_MS).toISOString();
  const statement = statementOf([{ name: "a", digest: { sha256: "0".repeat(64) } }], TYPE, { at });
  const bundle = await signStatement(statement, mara.signer);
  return async (text) => {
    const reading = await verifyBundle(changedText(bundle, changeOf(text)), keys, {
      ...{ predicateType: TYPE, timeOf: () => NOW_MS, nowMs: NOW_MS },
    });
    if (reading.kind === "signed" && JSON.stringify(reading.statement) !== JSON.stringify(statement))
      throw new Error("a changed statement counts as signed");
    return reading.kind === "refused" ? reading.why : "";
  };
}

/** A change of a sealed archive has to be noticed, whichever of its files it is. */
async function openArchive(folder: string): Promise<OpenedTarget["read"]> {
  const people: readonly [Person, Person] = [personOf("mara"), personOf("jon")];
  const root = mkdtempSync(join(folder, "releases-"));
  const archive = await sealedRelease(root, RELEASE, people);
  const keys = await trusting(mkdtempSync(join(folder, "keys-")), people);
  const policyPath = join(root, "policy.yml");
  writeFileSync(policyPath, yamlOf(POLICY));
  const policy = await readPolicy(policyPath);
  const files = readdirSync(archive, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return async (text) => {
    const change = changeOf(text);
    const path = files[change.file % files.length] ?? "";
    const sound = readFileSync(path);
    const changed = Buffer.from(changedText(sound.toString("latin1"), change), "latin1");
    writeFileSync(path, changed);
    try {
      const options = { folder: archive, release: RELEASE, keys, clock: CLOCK };
      const findings = await verifyRelease({ ...options, expectedHead: null });
      if (!sound.equals(changed) && findings.every(({ verdict }) => verdict === "pass"))
        throw new Error(`a change of ${path.slice(archive.length)} is not noticed`);
      const story = await readReleaseStory(options);
      const policyFindings = await checkPolicy(archive, policy, keys, NOW_MS);
      const listed = await listRelease(archive);
      return JSON.stringify([findings, story, policyFindings, listed], null, 1);
    } finally {
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, sound);
    }
  };
}
