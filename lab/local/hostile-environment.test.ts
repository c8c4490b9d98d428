import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeTestDirectory, processesIn, removeTestDirectory } from "../testing/test-directory.ts";

const COMMAND_LINE = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const NOBODY_LISTENS = "http://127.0.0.1:1";
/** Variables of a developer's machine or a CI job, each of which would mislead a client that reads it. */
const HOSTILE = {
  PGHOST: "127.0.0.254",
  PGPORT: "1",
  PGUSER: "somebody",
  PGDATABASE: "elsewhere",
  PGPASSWORD: "another",
  PGPASSFILE: "/dev/null/nowhere",
  PGSERVICE: "somewhere",
  PGSERVICEFILE: "/dev/null/nowhere",
  PGSSLMODE: "verify-full",
  PGSSLNEGOTIATION: "direct",
  PGOPTIONS: "-c search_path=nowhere -c statement_timeout=1",
  PGREPLICATION: "database",
  PGCLIENT_ENCODING: "latin1",
  PGDATA: "/dev/null/nowhere",
  PGTZ: "nowhere",
  NODE_USE_ENV_PROXY: "1",
  HTTP_PROXY: NOBODY_LISTENS,
  HTTPS_PROXY: NOBODY_LISTENS,
  http_proxy: NOBODY_LISTENS,
  https_proxy: NOBODY_LISTENS,
  ALL_PROXY: NOBODY_LISTENS,
  NO_PROXY: "",
  NODE_OPTIONS: "--max-old-space-size=512 --trace-warnings",
  NODE_PATH: "/dev/null/nowhere",
  LD_LIBRARY_PATH: "/dev/null/nowhere",
  LD_PRELOAD: "",
  ENV: "/dev/null/nowhere",
  BASH_ENV: "/dev/null/nowhere",
  IFS: "/",
  CDPATH: "/",
  LC_ALL: "tr_TR.UTF-8",
  TZ: "nowhere",
  PORT: "1",
  HOST: "192.0.2.1",
  DATABASE_URL: "postgresql://somebody@127.0.0.254:1/elsewhere",
};

let directory = "";
beforeAll(async () => {
  directory = await makeTestDirectory();
});
afterAll(() => removeTestDirectory(directory));

it("a lab starts and stops normally whatever the caller's environment contains", {
  timeout: 60_000,
}, async () => {
  const environment = { ...HOSTILE, PATH: "/usr/bin:/bin", TMPDIR: directory };
  const child = spawn(process.execPath, [COMMAND_LINE, "up", "--tape", "synthetic"], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const complaints = text(child.stderr);
  const ended = once(child, "close");
  let said = "";
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("ready")) resolve();
    });
  });
  await Promise.race([ready, ended]);
  child.kill("SIGTERM");
  const [code] = await ended;
  expect({ code, complaints: await complaints }).toEqual({ code: 0, complaints: "" });
  expect(said).toContain("ready");
  expect(await processesIn(directory)).toEqual([]);
});
