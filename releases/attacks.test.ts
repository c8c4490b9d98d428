import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mergeVerdicts } from "../core/index.ts";
import type { TrustedKeys } from "../signatures/index.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { ATTACKS, type OtherArchives } from "./testing/attacks.ts";
import {
  approve,
  fileBefore,
  NOW_MS,
  personOf,
  releasesIn,
  seal,
  sealedRelease,
  trusting,
} from "./testing/sealed-release.ts";
import { verifyRelease } from "./verify-release.ts";

/** Each file is flushed to the disk, which others may fill. */
const LIMIT_MS = 60_000;

const root = mkdtempSync(join(tmpdir(), "kanit-attacks-"));
const sound = join(root, "sound", "v1.4.0");
const others: OtherArchives = {
  older: join(root, "sound", "v1.3.0"),
  earlier: join(root, "earlier"),
  forged: join(root, "forged", "v1.4.0"),
};
const people = [personOf("mara"), personOf("ali")] as const;
let keys: TrustedKeys;
let head = "";

beforeAll(async () => {
  const options = releasesIn(join(root, "sound"));
  await sealedRelease(join(root, "sound"), "v1.3.0", people);
  await fileBefore(options, "v1.4.0");
  await seal(options, "v1.4.0", people[0]);
  cpSync(sound, others.earlier, { recursive: true });
  await approve(options, "v1.4.0", people[0], "deployer");
  await approve(options, "v1.4.0", people[1], "reviewer");
  head = (await seal(options, "v1.4.0", people[0])).bundleSha256;
  await sealedRelease(join(root, "forged"), "v1.4.0", [personOf("mara"), personOf("ali")]);
  keys = await trusting(join(root, "keys"), people);
}, LIMIT_MS);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Whether two programs find an archive sound. */
async function judge(folder: string) {
  const manifests = ["manifest-sha256.txt", "tagmanifest-sha256.txt"];
  const sha256sum = spawnSync("sha256sum", ["-c", "--status", "--strict", ...manifests], { cwd: folder });
  const findings = await verifyRelease({
    ...{ folder, release: "v1.4.0", keys, expectedHead: head },
    clock: { nowMs: () => NOW_MS },
  });
  return {
    isSoundForSha256sum: sha256sum.status === 0,
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
    fails: findings.filter(({ verdict }) => verdict === "fail").map(({ line }) => line),
  };
}

describe("an archive under attack", { timeout: LIMIT_MS }, () => {
  it("is sound before", async () => {
    expect(await judge(sound)).toEqual({ isSoundForSha256sum: true, verdict: "pass", fails: [] });
    expect((await readReleaseJournal(sound)).hashes).toHaveLength(6);
  });

  it("is in the table of docs/evidence.md with each attack", () => {
    const page = readFileSync(new URL("../docs/evidence.md", import.meta.url), "utf8");
    const rows = ATTACKS.map(
      ({ name, isSeenBySha256sum }) => `| ${name} | ${isSeenBySha256sum ? "yes" : "no"} | yes |`,
    );
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });

  it("is verified by openssl as well, with the script of docs/evidence.md", () => {
    const page = readFileSync(new URL("../docs/evidence.md", import.meta.url), "utf8");
    const script = join(root, "verify-bundle.sh");
    writeFileSync(script, /```bash\n(.*?)```/s.exec(page)?.[1] ?? "");
    const publicKey = people[0].signer.publicKey.export({ type: "spki", format: "pem" });
    writeFileSync(join(root, "mara.pub.pem"), publicKey);
    const run = (file: string) =>
      spawnSync(
        "bash",
        [script, join(sound, "seals/0002.sigstore.json"), join(root, "mara.pub.pem"), join(sound, file)],
        {
          encoding: "utf8",
        },
      );
    expect(run("manifest-sha256.txt")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Signature Verified Successfully\nIt is about"),
    });
    expect(run("bagit.txt").status).toBe(1);
  });

  for (const [index, { name, isSeenBySha256sum, act }] of ATTACKS.entries()) {
    it(`is noticed by kanit${isSeenBySha256sum ? " and sha256sum" : ""}: ${name}`, async () => {
      const folder = join(root, String(index), "v1.4.0");
      cpSync(sound, folder, { recursive: true });
      act(folder, others);
      const { isSoundForSha256sum, verdict, fails } = await judge(folder);
      expect({ verdict, isSoundForSha256sum, why: fails[0] ?? "nothing" }).toMatchObject({
        verdict: "fail",
        isSoundForSha256sum: !isSeenBySha256sum,
      });
    });
  }
});
