import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { fileForRelease, readReleaseJournal, verifyRelease } from "../releases/index.ts";
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
    const { folder } = await ritual();
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

  it("takes what gates have filed, and does not run them again", async () => {
    const file = (path: string) => ({
      ...{ path, kind: "gate", atMs: clock.nowMs(), command: "kanit", madeFrom: [] },
      content: { kind: "text", text: `${path}\n` } as const,
    });
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: directory, encoding: "utf8" }).trim();
    await fileForRelease(releases, "v1.5.0", {
      ...{ command: "kanit blind-spots v1.5.0", commit, target: "a lab" },
      files: [file("blind_spots_scan_v1.5.0.txt"), file("baseline_summary_v1.5.0.txt")],
    });
    const runGate = () => {
      throw new Error("no gate is due");
    };
    const { steps } = await ritual({ release: "v1.5.0", runGate });
    expect(steps.slice(3, 5).map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
  });

  it("is no GO of a tree that differs from its commit", async () => {
    writeFileSync(join(directory, "index.js"), "changed");
    const { steps, decision } = await ritual({ release: "v1.6.0" });
    expect(decision).toBe("NO-GO");
    expect(steps[0]).toMatchObject({ verdict: "fail" });
  });
});
