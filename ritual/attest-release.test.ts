import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { checkPolicy, fileForRelease, readPolicy } from "../releases/index.ts";
import { newKeyPair, publicKeysFile, readTrustedKeys, signerOf } from "../signatures/index.ts";
import { attestRelease } from "./attest-release.ts";

const NOW_MS = Date.UTC(2025, 7, 1, 12);
const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
const root = mkdtempSync(join(tmpdir(), "kanit-attest-"));
const releases = { root: join(root, "out"), clock: { nowMs: () => NOW_MS }, secrets: new SecretRegistry() };
afterAll(() => rmSync(root, { recursive: true, force: true }));

const passphrase = "correct horse";
const { privatePem, publicPem, keyId } = newKeyPair(passphrase);
const signer = signerOf(createPrivateKey({ key: privatePem, passphrase }));

const file = (release: string, path: string, value: unknown) =>
  fileForRelease(releases, release, {
    ...{ command: "kanit", commit: null, target: null },
    files: [
      {
        ...{ path, kind: "test", atMs: NOW_MS, command: "kanit", madeFrom: [] },
        content: { kind: "text", text: JSON.stringify(value) },
      },
    ],
  });
const gate = (verdict: string) => ({
  gate: "preflight",
  command: "kanit preflight",
  verdict,
  checks: [{ id: "a", verdict }],
});
const policy = async (text: string) => {
  const path = join(root, "policy.yml");
  writeFileSync(path, `schema: kanit.policy/1\n${text}`);
  return readPolicy(path);
};
const asked = "expires: 2026-01-01\nrequire:\n";
const wanted = `${asked}  - { type: "${TEST_RESULT}", by: [ci], result: PASSED }\n`;

beforeAll(() => {
  const key = {
    keyId,
    person: "ci",
    publicKey: publicPem,
    validFrom: "2025-01-01T00:00:00.000Z",
    validUntil: null,
  };
  writeFileSync(join(root, "ci.keys.json"), publicKeysFile(key));
});

async function attested(release: string, verdict: string) {
  const { folder } = await file(release, "gates/preflight-1/gate_preflight.json", gate(verdict));
  const statements = await attestRelease({ releases, release, folder, signer, command: "kanit attest" });
  return { folder, statements };
}
const check = async (folder: string, text: string) =>
  checkPolicy(folder, await policy(text), await readTrustedKeys([root]), NOW_MS);

describe("the statements of a release", () => {
  it("say what a gate found, and satisfy a policy that asks for it", async () => {
    const { folder, statements } = await attested("v1.0.0", "pass");
    expect(statements).toEqual([
      expect.objectContaining({ type: TEST_RESULT, subjects: ["gates/preflight-1/gate_preflight.json"] }),
    ]);
    expect((await check(folder, wanted)).map(({ verdict }) => verdict)).toEqual(["pass"]);
  });

  it("do not satisfy it when the gate did not pass", async () => {
    for (const verdict of ["fail", "inconclusive"]) {
      const { folder } = await attested(`v1.1.0-${verdict}`, verdict);
      expect(await check(folder, wanted)).toMatchObject([{ verdict: "fail" }]);
    }
  });

  it("do not satisfy one that asks for another person, more people, or another type, or that has expired", async () => {
    const { folder } = await attested("v1.2.0", "pass");
    const others = [
      `${asked}  - { type: "${TEST_RESULT}", by: [mara] }\n`,
      `${asked}  - { type: "${TEST_RESULT}", by: [ci, mara], least: 2 }\n`,
      `${asked}  - { type: "https://slsa.dev/provenance/v1", by: [ci] }\n`,
      wanted.replace("2026", "2025"),
    ];
    for (const text of others) {
      const verdicts = (await check(folder, text)).map(({ verdict }) => verdict);
      expect(verdicts, text).toContain("inconclusive");
    }
  });

  it("count for nothing when they are about another archive", async () => {
    const { folder } = await attested("v1.3.0", "pass");
    const other = await file("v1.4.0", "preflight.txt", "GO");
    const [statement] = (
      await attestRelease({ releases, release: "v1.3.0", folder, signer, command: "x" })
    ).slice(-1);
    await fileForRelease(releases, "v1.4.0", {
      ...{ command: "cp", commit: null, target: null },
      files: [
        {
          ...{
            path: "statements/stolen.sigstore.json",
            kind: "statement",
            atMs: NOW_MS,
            command: "cp",
            madeFrom: [],
          },
          content: { kind: "copy", from: join(folder, "data", statement?.path ?? "") },
        },
      ],
    });
    const findings = await check(other.folder, wanted);
    expect(findings[0]).toMatchObject({
      verdict: "fail",
      line: expect.stringContaining("not in this archive"),
    });
  });

  it("cannot be asked for by a policy with a field that nobody knows", async () => {
    await expect(policy(`${wanted}waive: all\n`)).rejects.toMatchObject({ code: "bad-policy", exitCode: 64 });
  });
});
