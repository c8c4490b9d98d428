import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { queryRows } from "../engine/sql.ts";
import { setArchiveCommand } from "../target/wal-archive.ts";
import { type GatedLab, startGatedLab } from "../testing/gated-lab.ts";
import { drillChecks, runOneCheck } from "../testing/rehearsal.ts";
import { walArchiving } from "./wal-archiving.ts";

let gated: GatedLab;
beforeAll(async () => {
  gated = await startGatedLab();
});
afterAll(() => gated[Symbol.asyncDispose]());

const forever = new AbortController().signal;

async function archivesBy(command: string): Promise<void> {
  await setArchiveCommand(gated.lab.addresses.databaseUrl, command, forever);
}

async function untilShown(query: string): Promise<void> {
  for (;;) {
    const [rows = []] = await queryRows(gated.lab.addresses.databaseUrl, [query], forever);
    if (rows[0]?.shown === "true") return;
    await systemClock.sleep(50, forever);
  }
}

describe("the check of WAL archiving", () => {
  it("ends a segment, and finds it archived in a folder of the lab", async () => {
    const outcome = await runOneCheck(gated, walArchiving);
    expect(outcome.reasons).toEqual([]);
    expect(outcome.verdict).toBe("pass");
    const text = outcome.files[0]?.text ?? "";
    const segment = /ended now: ([0-9A-F]{24}), archived after \d+ ms/.exec(text)?.[1];
    const kept = await readdir(gated.directory, { recursive: true });
    expect(kept.filter((path) => path.includes("wal-archive/")).map((path) => basename(path))).toContain(
      segment,
    );
  });

  it("fails when the command succeeds without keeping anything", async () => {
    await archivesBy("/bin/true");
    await untilShown("SELECT (current_setting('archive_command') = '/bin/true')::text AS shown");
    const { verdict, reasons } = await runOneCheck(gated, walArchiving);
    expect({ verdict, reasons }).toEqual({
      verdict: "fail",
      reasons: ["archive_command is /bin/true: it keeps nothing of what it gets"],
    });
  });

  it("fails when the last attempt failed, and says how many were counted", async () => {
    await archivesBy("false");
    await queryRows(
      gated.lab.addresses.databaseUrl,
      ["SELECT pg_logical_emit_message(true, 'kanit', 'x')", "SELECT pg_switch_wal()"],
      forever,
    );
    await untilShown("SELECT (failed_count > 0)::text AS shown FROM pg_stat_archiver");
    const { verdict, reasons } = await runOneCheck(gated, walArchiving);
    expect(verdict).toBe("fail");
    expect(reasons.at(-1)).toMatch(
      /^the last attempt failed, for [0-9A-F]{24}: [1-9]\d* failures are counted$/,
    );
  });
});

describe("the mutant of WAL archiving", () => {
  it("is a failure that Postgres does not count, and is seen all the same", async () => {
    await archivesBy("mkdir -p ../wal-archive && cp %p ../wal-archive/%f");
    await untilShown(
      "SELECT (count(*) = 0)::text AS shown FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'",
    );
    await queryRows(gated.lab.addresses.databaseUrl, ["SELECT pg_stat_reset_shared('archiver')"], forever);
    const [row] = await drillChecks(gated, [walArchiving]);
    expect(row).toMatchObject({ sound: "pass", mutant: "fail" });
    expect(row?.mutantReasons[0]).toMatch(
      /^segment [0-9A-F]{24} is not archived: the archiver has died, while 0 failures are counted$/,
    );
  });
});
