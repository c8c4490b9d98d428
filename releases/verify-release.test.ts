import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeVerdicts } from "../core/index.ts";
import type { TrustedKeys } from "../signatures/index.ts";
import { fileForRelease } from "./release-archive.ts";
import {
  approve,
  fileBefore,
  fileNamed,
  NOW_MS,
  personOf,
  releasesIn,
  seal,
  sealedRelease,
  trusting,
} from "./testing/sealed-release.ts";
import { verifyRelease } from "./verify-release.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-release-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mara = personOf("mara");
const ali = personOf("ali");
const keysOf = (...people: readonly (typeof mara)[]) => trusting(join(root, "keys"), people);
const verify = async (folder: string, keys: TrustedKeys | null, expectedHead: string | null = null) => {
  const findings = await verifyRelease({
    folder,
    release: "v1.4.0",
    keys,
    expectedHead,
    clock: { nowMs: () => NOW_MS },
  });
  const notPassed = findings.filter(({ verdict }) => verdict !== "pass").map(({ line }) => line);
  return {
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
    lines: findings.map(({ line }) => line),
    notPassed,
  };
};

describe("an archive is verified", { timeout: 60_000 }, () => {
  it("when it is whole, sealed, and two people said GO", async () => {
    const folder = await sealedRelease(join(root, "out"), "v1.4.0", [mara, ali]);
    const { verdict, notPassed, lines } = await verify(folder, await keysOf(mara, ali));
    expect(notPassed).toEqual([]);
    expect(verdict).toBe("pass");
    expect(lines).toContain("GO: signed by mara and ali");
    expect(lines).toContain("20 of 20 files from before the deployment");
  });

  it("never without keys, since a signature by nobody known proves nothing", async () => {
    const folder = await sealedRelease(join(root, "out"), "v1.4.0", [mara, ali]);
    const { verdict, notPassed } = await verify(folder, null);
    expect(verdict).toBe("inconclusive");
    expect(notPassed[0]).toContain("no keys were given");
  });

  it("never with keys that lie inside of it", async () => {
    const folder = await sealedRelease(join(root, "out"), "v1.4.0", [mara, ali]);
    const beside = await trusting(join(folder, "data", "keys"), [mara, ali]);
    const { verdict, notPassed } = await verify(folder, beside);
    expect(verdict).not.toBe("pass");
    expect(notPassed.join("\n")).toContain("the keys lie inside the archive");
  });

  it("not as a GO when one person signed with two keys", async () => {
    const folder = await sealedRelease(join(root, "out"), "v1.4.0", [mara, personOf("mara")]);
    const other = await verify(folder, await keysOf(mara));
    expect(other.notPassed.join("\n")).toContain("1 of 2 people signed: mara");
  });

  it("not as a GO when only those signed who deploy", async () => {
    const options = releasesIn(join(root, "out"));
    const folder = await fileBefore(options, "v1.4.0");
    await seal(options, "v1.4.0", mara);
    await approve(options, "v1.4.0", mara, "deployer");
    await approve(options, "v1.4.0", ali, "deployer");
    await seal(options, "v1.4.0", mara);
    const { notPassed } = await verify(folder, await keysOf(mara, ali));
    expect(notPassed).toEqual(["no GO: only those who deploy signed: mara and ali (approvals/)"]);
  });

  it("as a fail when somebody signed NO-GO", async () => {
    const options = releasesIn(join(root, "out"));
    const folder = await fileBefore(options, "v1.4.0");
    await seal(options, "v1.4.0", mara);
    await approve(options, "v1.4.0", mara, "deployer");
    await approve(options, "v1.4.0", ali, "reviewer", "NO-GO");
    await seal(options, "v1.4.0", mara);
    const { verdict, notPassed } = await verify(folder, await keysOf(mara, ali));
    expect(verdict).toBe("fail");
    expect(notPassed).toEqual(["no GO: ali says NO-GO (approvals/)"]);
  });

  it("not as far as files were filed after the seal", async () => {
    const folder = await sealedRelease(join(root, "out"), "v1.4.0", [mara, ali]);
    await fileForRelease(releasesIn(join(root, "out")), "v1.4.0", {
      command: "kanit canary",
      commit: null,
      target: null,
      files: [fileNamed("rollout_stage_1.txt")],
    });
    const { verdict, notPassed } = await verify(folder, await keysOf(mara, ali));
    expect(verdict).toBe("inconclusive");
    expect(notPassed).toEqual(["after the last seal were filed: rollout_stage_1.txt"]);
  });

  it("when it has the digest that was kept elsewhere, and not when it has another", async () => {
    const folder = await sealedRelease(join(root, "out"), "v1.4.0", [mara, ali]);
    const { bundleSha256 } = await seal(releasesIn(join(root, "out")), "v1.4.0", mara);
    const keys = await keysOf(mara, ali);
    expect((await verify(folder, keys, bundleSha256)).verdict).toBe("pass");
    const { verdict, notPassed } = await verify(folder, keys, "0".repeat(64));
    expect(verdict).toBe("fail");
    expect(notPassed[0]).toContain("does not have the digest that was kept elsewhere");
  });
});
