import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { readReleaseDefinition } from "../../definition/index.ts";
import { type DatabaseTls, withTls } from "../../network/index.ts";
import { timeZone } from "../blind-spots/time-zone.ts";
import { queryRows } from "../engine/sql.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { runOneCheck } from "../testing/rehearsal.ts";
import { releaseTarget } from "./release-target.ts";

const HAS_OPENSSL = spawnSync("openssl", ["version"]).status === 0;
const { signal } = new AbortController();

let gated: GatedLab;
let directory = "";
beforeAll(async () => {
  if (!HAS_OPENSSL) return;
  directory = await mkdtemp(join(tmpdir(), "kanit-tls-"));
  gated = await startGatedLab();
  makeCertificates();
  await encrypt(gated.lab.addresses.databaseUrl);
});
afterAll(async () => {
  await gated?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** An authority, a server's certificate for 127.0.0.1 that it signed, and an authority that signed nothing. */
function makeCertificates(): void {
  const openssl = (...words: readonly string[]) => {
    const { status, stderr } = spawnSync("openssl", words, { cwd: directory, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  for (const name of ["authority", "stranger"]) {
    openssl("req", "-x509", ...key, "-keyout", `${name}.key`, "-out", `${name}.pem`, "-subj", `/CN=${name}`);
  }
  openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=database");
  const signed = ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-out", "server.pem"];
  spawnSync("sh", ["-c", "echo 'subjectAltName=IP:127.0.0.1' > names"], { cwd: directory });
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-extfile", "names");
}

/** Installs the certificate in the lab's Postgres, which writes the files itself, since they must be its user's own. */
async function encrypt(databaseUrl: string): Promise<void> {
  for (const name of ["server.key", "server.pem"]) {
    const text = (await readFile(join(directory, name))).toString("base64");
    const store = `umask 077 && base64 -d > ${name}`;
    await queryRows(databaseUrl, [`COPY (SELECT '${text}') TO PROGRAM '${store}'`], signal);
  }
  const settings = ["ssl_key_file = 'server.key'", "ssl_cert_file = 'server.pem'", "ssl = on"];
  await queryRows(
    databaseUrl,
    settings.map((setting) => `ALTER SYSTEM SET ${setting}`),
    signal,
  );
  await queryRows(databaseUrl, ["SELECT pg_reload_conf()"], signal);
  for (;;) {
    const [rows = []] = await queryRows(databaseUrl, ["SHOW ssl"], signal);
    if (rows[0]?.ssl === "on") return;
    await systemClock.sleep(20, signal);
  }
}

const ENCRYPTED = "SELECT ssl::text AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

/** Whether a connection with this TLS is encrypted, as the server says. */
async function isEncrypted(tls: DatabaseTls, host = "127.0.0.1"): Promise<string> {
  const address = gated.lab.addresses.databaseUrl.replace("127.0.0.1", host);
  const [rows = []] = await queryRows(withTls(address, tls), [ENCRYPTED], signal);
  return rows[0]?.encrypted ?? "unknown";
}

describe.skipIf(!HAS_OPENSSL)("a connection to a database", () => {
  const file = (name: string) => join(directory, name);

  it("is encrypted as asked, and not otherwise", async () => {
    expect(await isEncrypted({ mode: "disable", ca: null })).toBe("false");
    expect(await isEncrypted({ mode: "require", ca: null })).toBe("true");
    expect(await isEncrypted({ mode: "verify-ca", ca: file("authority.pem") })).toBe("true");
    expect(await isEncrypted({ mode: "verify-full", ca: file("authority.pem") })).toBe("true");
  });

  it("is refused for a certificate that another authority, or none that is known, has signed", async () => {
    for (const ca of [file("stranger.pem"), null]) {
      for (const mode of ["verify-ca", "verify-full"] as const) {
        await expect(isEncrypted({ mode, ca })).rejects.toMatchObject({ code: "database-refused" });
      }
    }
  });

  it("is refused under another name than the certificate's, where the name is verified", async () => {
    const ca = file("authority.pem");
    expect(await isEncrypted({ mode: "verify-ca", ca }, "localhost")).toBe("true");
    await expect(isEncrypted({ mode: "verify-full", ca }, "localhost")).rejects.toThrow(
      /altnames|does not match/,
    );
  });

  it("names a file of the authority that cannot be read, and a mode that falls back to plain text", async () => {
    await expect(isEncrypted({ mode: "verify-full", ca: file("gone.pem") })).rejects.toMatchObject({
      code: "authority-unreadable",
    });
    const address = `${gated.lab.addresses.databaseUrl}?sslmode=prefer`;
    await expect(queryRows(address, [ENCRYPTED], signal)).rejects.toMatchObject({ code: "bad-sslmode" });
  });

  it("is made by the checks as release.yml says", async () => {
    const releaseFile = file("release.yml");
    await writeFile(
      releaseFile,
      `url: ${gated.lab.addresses.platform}\ndatabase: ${gated.lab.addresses.databaseUrl}\ntls: { mode: verify-full, ca: authority.pem }\n`,
    );
    const definition = await readReleaseDefinition(releaseFile, () => undefined);
    const { database } = releaseTarget("v1.4.0", definition, "mara").parts;
    expect(new URL(database ?? "").searchParams.get("sslmode")).toBe("verify-full");
    expect((await runOneCheck(gated, timeZone, { database })).verdict).toBe("pass");
  });
});
