import type { Mutant } from "../engine/mutant.ts";
import { numberIn, queryRows } from "../engine/sql.ts";
import { setArchiveCommand } from "../target/wal-archive.ts";
import { ARCHIVERS, SWITCH_SEGMENT } from "./wal-segments.ts";

/** A command that is killed by a signal is not counted as failed. */
const KILLED = "kill -KILL $$";
const POLL_MS = 20;
const HEALING_MS = 10_000;

/** The command that archives is killed each time, as by the kernel when memory runs out. */
export const killedArchiver: Mutant = {
  what: "archive_command is killed by a signal each time, which Postgres does not count as a failure.",
  apply: async ({ lab, clock, signal }) => {
    const { databaseUrl } = lab.addresses;
    const before = await commandOf(databaseUrl, signal);
    // Postgres starts the archiver again within ten seconds, and nothing else needs it.
    const undo = () => setArchiveCommand(databaseUrl, before, AbortSignal.timeout(HEALING_MS));
    await setArchiveCommand(databaseUrl, KILLED, signal);
    await queryRows(databaseUrl, SWITCH_SEGMENT, signal);
    // It dies of its command alone, so this shows that it has read the new one.
    while (await isArchiverAlive(databaseUrl, signal)) await clock.sleep(POLL_MS, signal);
    return {
      effect: `archive_command is ${KILLED}, and the archiver has died`,
      parts: {},
      [Symbol.asyncDispose]: undo,
    };
  },
};

async function commandOf(databaseUrl: string, signal: AbortSignal): Promise<string> {
  const [rows = []] = await queryRows(databaseUrl, ["SHOW archive_command"], signal);
  return rows[0]?.archive_command ?? "";
}

async function isArchiverAlive(databaseUrl: string, signal: AbortSignal): Promise<boolean> {
  const [rows = []] = await queryRows(databaseUrl, [`SELECT ${ARCHIVERS}`], signal);
  return numberIn(rows[0], "archivers") > 0;
}
