import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandSigner } from "./command-signer.ts";
import { newKeyPair } from "./key-pair.ts";
import { readPrivateKey } from "./private-key.ts";
import { signStatement } from "./sign-statement.ts";
import { signerOf } from "./signer.ts";
import { type Statement, statementOf } from "./statement.ts";
import { publicKeysFile, readTrustedKeys } from "./trusted-keys.ts";
import { verifyBundle } from "./verify-bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "kanit-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PASSPHRASE = "correct horse battery";
const SIGNED_AT = "2025-08-01T12:00:00.000Z";
const TYPE = "urn:kanit:test:v1";
const pair = newKeyPair(PASSPHRASE);
const privateKey = createPrivateKey({ key: pair.privatePem, passphrase: PASSPHRASE });
const signer = signerOf(privateKey);
const statement = statementOf([{ name: "a", digest: { sha256: "0".repeat(64) } }], TYPE, { at: SIGNED_AT });
const expected = {
  predicateType: TYPE,
  timeOf: ({ predicate }: Statement) => (typeof predicate.at === "string" ? Date.parse(predicate.at) : null),
  nowMs: Date.parse(SIGNED_AT),
};

let files = 0;
async function trusting(changes: Readonly<Record<string, unknown>>) {
  const file = JSON.parse(
    publicKeysFile({
      ...{ keyId: pair.keyId, person: "mara", publicKey: pair.publicPem },
      ...{ validFrom: "2025-01-01T00:00:00.000Z", validUntil: null },
    }),
  );
  Object.assign(file.keys[0], changes);
  files += 1;
  const path = join(folder, `${files}.keys.json`);
  writeFileSync(path, JSON.stringify(file));
  return readTrustedKeys([path]);
}

describe("a signed statement", () => {
  it("is by whoever the verifier knows the key of", async () => {
    const reading = await verifyBundle(await signStatement(statement, signer), await trusting({}), expected);
    expect(reading).toMatchObject({ kind: "signed", key: { person: "mara" }, statement });
  });

  const keys: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ["too young", { validFrom: "2025-08-02T00:00:00.000Z" }, "is valid from 2025-08-02"],
    ["too old", { validUntil: "2025-07-01T00:00:00.000Z" }, "was valid until 2025-07-01"],
    [
      "replaced before",
      { revoked: { at: "2025-07-31T00:00:00.000Z", reason: "replaced" } },
      "was revoked on 2025-07-31",
    ],
    [
      "compromised, also afterwards, since a thief writes any time into what he signs",
      { revoked: { at: "2025-09-01T00:00:00.000Z", reason: "compromised" } },
      "was compromised",
    ],
  ];
  for (const [what, changes, why] of keys) {
    it(`is refused when its key is ${what}`, async () => {
      const reading = await verifyBundle(
        await signStatement(statement, signer),
        await trusting(changes),
        expected,
      );
      expect(reading).toMatchObject({ kind: "refused", why: expect.stringContaining(why) });
    });
  }

  it("counts when its key was replaced later", async () => {
    const revoked = { at: "2025-08-02T00:00:00.000Z", reason: "replaced" };
    const reading = await verifyBundle(
      await signStatement(statement, signer),
      await trusting({ revoked }),
      expected,
    );
    expect(reading.kind).toBe("signed");
  });

  it("is refused when it was signed in the future", async () => {
    const nowMs = Date.parse("2025-07-31T00:00:00Z");
    const reading = await verifyBundle(await signStatement(statement, signer), await trusting({}), {
      ...expected,
      nowMs,
    });
    expect(reading).toMatchObject({ kind: "refused", why: "was signed in the future" });
  });

  it("is refused with a field that nobody knows, although it is signed", async () => {
    const odd = { ...statement, waiver: "nothing of this counts" };
    const reading = await verifyBundle(await signStatement(odd, signer), await trusting({}), expected);
    expect(reading).toMatchObject({ kind: "refused", why: expect.stringContaining("waiver") });
  });

  const changes: readonly (readonly [string, string | RegExp, string, string])[] = [
    ["media type", "bundle.v0.3+json", "bundle.v0.2+json", "media type"],
    ["payload type", "application/vnd.in-toto+json", "text/plain", "payload type"],
    ["payload", /"payload":"../, '"payload":"ab', "is no"],
    ["signature", /"sig":"../, '"sig":"ab', "is not by the key of mara"],
  ];
  for (const [what, pattern, text, why] of changes) {
    it(`is refused with another ${what}`, async () => {
      const bundle = (await signStatement(statement, signer)).replace(pattern, text);
      const reading = await verifyBundle(bundle, await trusting({}), expected);
      expect(reading.kind).toBe("refused");
      if (what !== "payload") expect(reading).toMatchObject({ why: expect.stringContaining(why) });
    });
  }

  it("is refused where another kind of statement is due", async () => {
    const other = { ...expected, predicateType: "urn:kanit:other:v1" };
    const reading = await verifyBundle(await signStatement(statement, signer), await trusting({}), other);
    expect(reading).toMatchObject({ kind: "refused", why: expect.stringContaining("predicate type") });
  });

  it("is by nobody known without the key", async () => {
    const stranger = signerOf(
      createPrivateKey(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" })),
    );
    const reading = await verifyBundle(
      await signStatement(statement, stranger),
      await trusting({}),
      expected,
    );
    expect(reading).toMatchObject({ kind: "unknown-key", keyId: stranger.keyId });
  });
});

describe("a private key", () => {
  const path = join(folder, "mara.key.pem");
  const read = (passphrase: string | null) => readPrivateKey(path, passphrase, process.getuid?.() ?? null);

  it("is read from a file of its owner's alone", async () => {
    writeFileSync(path, pair.privatePem, { mode: 0o600 });
    expect(signerOf(await read(PASSPHRASE)).keyId).toBe(pair.keyId);
    chmodSync(path, 0o640);
    await expect(read(PASSPHRASE)).rejects.toMatchObject({ code: "key-file-open", exitCode: 77 });
    chmodSync(path, 0o600);
  });

  it("is not read without its passphrase", async () => {
    await expect(read(null)).rejects.toMatchObject({ code: "wrong-passphrase", exitCode: 64 });
    await expect(read("another one")).rejects.toMatchObject({ code: "wrong-passphrase" });
  });
});

describe("a program that signs", () => {
  const publicKey = createPublicKey(privateKey);
  const program = (code: string) =>
    commandSigner({ words: [process.execPath, "-e", code], publicKey, timeLimitMs: 60_000 });

  it("gets the bytes and returns the signature", async () => {
    const key = privateKey.export({ type: "pkcs8", format: "pem" });
    const code = `process.stdout.write(require("crypto").sign(null,require("fs").readFileSync(0),${JSON.stringify(key)}).toString("base64"))`;
    const bytes = Buffer.from("bytes");
    expect(await program(code).sign(bytes)).toEqual(sign(null, bytes, privateKey));
  });

  it("that signs with another key, or fails, signs nothing", async () => {
    const code = `process.stdout.write(Buffer.alloc(64))`;
    await expect(program(code).sign(Buffer.from("x"))).rejects.toMatchObject({ code: "signer-failed" });
    await expect(program("process.exit(3)").sign(Buffer.from("x"))).rejects.toThrow("exit 3");
  });
});
