import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import {
  completenessFindings,
  fileForRelease,
  readReleaseJournal,
  verifyRelease,
} from "../releases/index.ts";
import { newKeyPair, publicKeysFile, readTrustedKeys, signerOf } from "../signatures/index.ts";
import { performRitual, type RitualOptions } from "./perform-ritual.ts";

/** A ritual runs npm twice. */
const LIMIT_MS = 60_000;

const root = mkdtempSync(join(tmpdir(), "kanit-ritual-"));
const directory = join(root, "shop");
const clock = { nowMs: () => Date.UTC(2025, 7, 1, 12) };
const releases = { root: join(root, "out"), clock, secrets: new SecretRegistry() };
const LOCK = {
  name: "shop",
  version: "1.4.0",
  lockfileVersion: 3,
  requires: true,
  packages: { "": { name: "shop", version: "1.4.0", license: "MIT" } },
};

function person(name: string) {
  const passphrase = "correct horse";
  const { privatePem, publicPem, keyId } = newKeyPair(passphrase);
  const key = {
    keyId,
    person: name,
    publicKey: publicPem,
    validFrom: "2025-01-01T00:00:00.000Z",
    validUntil: null,
  };
  writeFileSync(join(root, `${name}.keys.json`), publicKeysFile(key));
  return signerOf(createPrivateKey({ key: privatePem, passphrase }));
}

const signers = [person("mara"), person("ali")] as const;

beforeAll(() => {
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=m", "-c", "user.email=m@localhost", ...words], { cwd: directory });
  execFileSync("mkdir", [directory]);
  writeFileSync(
    join(directory, "package.json"),
    JSON.stringify({ ...LOCK.packages[""], files: ["index.js"] }),
  );
  writeFileSync(join(directory, "package-lock.json"), JSON.stringify(LOCK));
  writeFileSync(join(directory, "index.js"), "");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "The shop");
  git("tag", "v1.4.0");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ritual = (overrides: Partial<RitualOptions> = {}) =>
  performRitual({
    ...{ release: "v1.4.0", releases, directory, artifacts: [], signers, user: "mara" },
    ...{ command: "kanit ritual v1.4.0", triggers: ["ApiLatencyHigh"] },
    runGate: () => null,
    onStep: () => undefined,
    signal: new AbortController().signal,
    ...overrides,
  });

/** What was built elsewhere, which takes less time. */
const BUILT = { artifacts: [join(directory, "index.js")] };

describe("the green button ritual", { timeout: LIMIT_MS }, () => {
  it("leaves seven files and a seal, and is no GO while evidence is missing", async () => {
    const performed = await ritual();
    expect(performed.steps.map(({ name }) => name)).toEqual([
      "release_tag.txt",
      "sbom_v1.4.0.json",
      "build_provenance_v1.4.0.json",
      "blind_spots_scan_v1.4.0.txt",
      "baseline_metrics_v1.4.0.txt",
      "canary_plan_v1.4.0.txt",
      "go_nogo_signed_v1.4.0.txt",
    ]);
    expect(performed).toMatchObject({ decision: "NO-GO", verdict: "inconclusive" });
    const read = (name: string) => readFileSync(join(performed.folder, "data", name), "utf8");
    expect(read("release_tag.txt")).toContain("Tags        v1.4.0");
    expect(read("go_nogo_signed_v1.4.0.txt")).toContain("preflight.txt is missing");
    const [tarball] = JSON.parse(read("build_provenance_v1.4.0.json")).subject;
    expect(tarball.name).toBe("shop-1.4.0.tgz");
    // The bill of materials is of the same package, and of the lock file that it was made from.
    expect(JSON.parse(read("sbom_v1.4.0.json")).metadata.properties).toContainEqual({
      name: "kanit:sha256:shop-1.4.0.tgz",
      value: tarball.digest.sha256,
    });
    const findings = await verifyRelease({
      ...{ folder: performed.folder, release: "v1.4.0", clock, expectedHead: performed.head },
      keys: await readTrustedKeys([root]),
    });
    expect(findings.filter(({ code, verdict }) => code === "signature" && verdict === "pass")).toHaveLength(
      2,
    );
  });

  it("makes a new archive the second time, which names the first", async () => {
    const { folder } = await ritual(BUILT);
    expect(folder).toBe(join(root, "out", "v1.4.0@2"));
    const before = await readReleaseJournal(join(root, "out", "v1.4.0"));
    const { created } = await readReleaseJournal(folder);
    expect(created?.follows).toEqual({
      archive: "v1.4.0",
      head: before.head?.hash,
      manifest: before.seals.at(-1)?.manifest,
    });
    expect(readFileSync(join(folder, "data", "release_tag.txt"), "utf8")).toContain(
      "Follows     v1.4.0, journal",
    );
  });

  /** Files all that is due before a deployment, and the records of the gates. */
  async function fileAll(release: string, verdictOf: (gate: string) => string) {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: directory, encoding: "utf8" }).trim();
    const file = (path: string, text = `${path}\n`) => ({
      ...{ path, kind: "gate", atMs: clock.nowMs(), command: "kanit", madeFrom: [] },
      content: { kind: "text", text } as const,
    });
    const gates = ["blind-spots", "preflight", "blast", "red-team", "artifacts"];
    const own = ["sbom", "build_provenance", "go_nogo_signed"].map((name) => `${name}_${release}`);
    const names = await missingNames(release);
    await fileForRelease(releases, release, {
      ...{ command: "kanit", commit, target: "a lab" },
      files: [
        ...names.filter((name) => !own.some((each) => name.startsWith(each))).map((name) => file(name)),
        ...[`blind_spots_scan_${release}.txt`, `baseline_summary_${release}.txt`].map((name) => file(name)),
        ...gates.map((gate) =>
          file(
            `gates/${gate}-1/gate_${gate}.json`,
            JSON.stringify({ verdict: verdictOf(gate), commit, targetKind: "release-file" }),
          ),
        ),
      ],
    });
  }
  /** What the list of evidence says is missing in an archive that has just begun. */
  async function missingNames(release: string) {
    const { folder } = await fileForRelease(releases, release, {
      ...{ command: "kanit", commit: null, target: null },
      files: [
        {
          ...{ path: "runs/1/run.json", kind: "run", atMs: clock.nowMs(), command: "kanit", madeFrom: [] },
          content: { kind: "text", text: "{}" },
        },
      ],
    });
    const findings = completenessFindings(await readReleaseJournal(folder), "before", clock.nowMs());
    return findings
      .filter(({ verdict }) => verdict === "fail")
      .map(({ line }) => line.replace(" is missing", ""));
  }
  const noGate = () => {
    throw new Error("no gate is due");
  };

  it("is GO when all that is due is filed, each gate passed, and two keys signed", async () => {
    await fileAll("v1.5.0", () => "pass");
    const { decision, verdict, folder, head } = await ritual({ release: "v1.5.0", runGate: noGate });
    expect({ decision, verdict }).toEqual({ decision: "GO", verdict: "pass" });
    const keys = await readTrustedKeys([root]);
    const findings = await verifyRelease({ folder, release: "v1.5.0", clock, keys, expectedHead: head });
    expect(findings.filter((finding) => finding.verdict !== "pass")).toEqual([]);
  });

  it("is NO-GO when a gate did not pass, although it left its files, or when one key signed", async () => {
    await fileAll("v1.5.1", (gate) => (gate === "red-team" ? "fail" : "pass"));
    expect(await ritual({ ...BUILT, release: "v1.5.1", runGate: noGate })).toMatchObject({
      decision: "NO-GO",
      verdict: "fail",
    });
    await fileAll("v1.5.2", () => "pass");
    const one = await ritual({ release: "v1.5.2", runGate: noGate, signers: [signers[0]] });
    expect(one).toMatchObject({ decision: "NO-GO", verdict: "inconclusive" });
  });

  it("is no GO of a tree that differs from its commit", async () => {
    writeFileSync(join(directory, "index.js"), "changed");
    const { steps, decision } = await ritual({ ...BUILT, release: "v1.6.0" });
    expect(decision).toBe("NO-GO");
    expect(steps[0]).toMatchObject({ verdict: "fail" });
  });
});
