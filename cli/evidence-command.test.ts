import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";

/** Each test starts several programs, on a machine that others may fill. */
const LIMIT_MS = 60_000;

const VARIABLES = { KANIT_KEY_PASSPHRASE: "correct horse battery" };

describe("the archive of a release on the command line", { timeout: LIMIT_MS }, () => {
  let line: CommandLine;
  let folder = "";
  const kanit = (...words: readonly string[]) => line.run([...words, "--json"], VARIABLES);
  const archive = () => ["--archive", join(folder, "out")];
  const key = () => join(folder, "keys", "mara.key.pem");
  beforeAll(async () => {
    line = await openCommandLine();
    folder = line.temporaryDirectory;
    await writeFile(join(folder, "preflight.txt"), "GO\n");
    await kanit("keys", "new", "mara", "--folder", join(folder, "keys"));
    await kanit("evidence", "add", "v1.4.0", join(folder, "preflight.txt"), ...archive());
  }, LIMIT_MS);
  afterAll(() => line[Symbol.asyncDispose]());

  it("signs with no key that others can read, and says how to make one where there is none", async () => {
    expect((await stat(key())).mode & 0o777).toBe(0o600);
    await chmod(key(), 0o644);
    const open = await kanit("evidence", "seal", "v1.4.0", "--key", key(), ...archive());
    await chmod(key(), 0o600);
    expect(open.exitCode).toBe(77);
    expect(JSON.parse(open.stdout).error.code).toBe("key-file-open");
    const none = await kanit("evidence", "seal", "v1.4.0", ...archive());
    expect(none.exitCode).toBe(64);
    expect(none.stderr).toContain("kanit keys new");
  });

  it("seals what is there, says what is missing, and verifies it with keys from elsewhere", async () => {
    const sealed = await kanit("evidence", "seal", "v1.4.0", "--key", key(), ...archive());
    expect(sealed.exitCode).toBe(2);
    const { head, incomplete } = JSON.parse(sealed.stdout).result;
    expect(incomplete).toContain("missing: artifact_count.txt is missing");
    const words = ["evidence", "verify", "v1.4.0", "--head", head, ...archive()];
    const verified = await kanit(...words, "--keys", join(folder, "keys"));
    const lines = JSON.parse(verified.stdout).result.findings.map(
      (finding: { line: string }) => finding.line,
    );
    expect(lines).toContain("has the digest that was kept elsewhere");
    expect(lines[1]).toMatch(/^seal 1 is signed by mara/);
    await writeFile(join(folder, "out", "v1.4.0", "data", "preflight.txt"), "NO\n");
    expect((await kanit(...words, "--keys", join(folder, "keys"))).exitCode).toBe(1);
  });

  it("makes a page of it, beside the archive", async () => {
    const shown = await kanit("evidence", "show", "v1.4.0", ...archive());
    const { path } = JSON.parse(shown.stdout).result;
    expect(path).toBe(join(folder, "out", "v1.4.0.html"));
    expect(await readFile(path, "utf8")).toContain('href="./v1.4.0/data/preflight.txt"');
  });

  it("says in one line that there is none", async () => {
    const none = await kanit("evidence", "list", "v9.9.9", ...archive());
    expect(none.exitCode).toBe(69);
    expect(none.stderr.trim().split("\n")).toHaveLength(1);
  });
});
