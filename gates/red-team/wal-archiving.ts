import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { numberIn, type TextRow, withClient } from "../engine/sql.ts";
import { killedArchiver } from "./killed-archiver.ts";
import { ARCHIVERS, READ_WAITING, SWITCH_SEGMENT } from "./wal-segments.ts";

const MOST_WAITING_SECONDS = 60;
const ARCHIVED_WITHIN_MS = 30_000;
/** An archiver that died is started again after ten seconds; one that runs is missing in no reading. */
const MISSING_READINGS = 3;
const POLL_MS = 100;
/** Commands that succeed without keeping anything. */
const KEEPS_NOTHING = /^\s*(?:(?:\/usr)?\/bin\/)?(?:true|:|exit 0|echo\b[^>|&;]*)\s*$|\/dev\/null\s*$/;
const SEGMENT = /^[0-9A-F]{24}/;

const READ_ARCHIVER = `SELECT current_setting('archive_mode') AS mode, current_setting('archive_command') AS command,
    current_setting('archive_library') AS library, current_setting('archive_timeout') AS timeout,
    pg_is_in_recovery()::text AS standby, archived_count::text, last_archived_wal, failed_count::text,
    last_failed_wal,
    ${ARCHIVERS},
    (last_failed_time > coalesce(last_archived_time, '-infinity'))::text AS failed_last
  FROM pg_stat_archiver`;

type Ask = (query: string) => Promise<readonly TextRow[]>;

/** A segment that was ended to see whether it is archived, and why it was not; the empty text where it was. */
interface SwitchedSegment {
  readonly name: string;
  readonly tookMs: number;
  readonly whyNot: string;
}

/** Is the write-ahead log archived, also where its failure is not counted? */
export const walArchiving = defineCheck({
  id: "wal-archiving",
  title: "8. WAL archiving",
  question: "Is each segment of the write-ahead log archived, and does none wait?",
  risk: "The archive stopped hours ago, nothing reports it, and the database cannot be restored to any moment since.",
  command: `psql "$DATABASE_URL" -c 'SELECT * FROM pg_stat_archiver' -c "SELECT count(*), now() - min(modification) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'" -c 'SELECT pg_walfile_name(pg_switch_wal())'`,
  passes: `archive_mode is on with a command or a library that keeps what it gets, the last attempt did not fail, no segment has waited for over ${MOST_WAITING_SECONDS} s, and a segment that is ended now is archived within ${ARCHIVED_WITHIN_MS / 1_000} s`,
  fix: "Read Postgres's log for archive_command, repair its destination (space, permissions, credentials), and take a new base backup when segments are lost.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 60_000,
  maxAgeMs: 60_000,
  needs: ["database"],
  mutant: killedArchiver,
  observe: async ({ database }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    return withClient(database, signal, async (ask) => {
      const [before] = await ask(READ_ARCHIVER);
      const unclear = doubtsOf(before);
      const configuration = configurationProblems(before);
      const isOn = configuration.length === 0 && unclear.length === 0;
      const segment = isOn ? await switchSegment(ask, { clock, signal }) : null;
      const [after] = await ask(READ_ARCHIVER);
      const [waiting] = await ask(READ_WAITING);
      return {
        expected: ["archiver", "segments that wait"],
        examined: [
          ...(after === undefined ? [] : ["archiver"]),
          ...(waiting === undefined ? [] : ["segments that wait"]),
        ],
        acts: isOn ? [{ what: "segments ended", asked: 1, happened: segment === null ? 0 : 1 }] : [],
        asOfMs,
        violations: [...configuration, ...archiverProblems(after, waiting, segment)],
        unclear,
        summary: summaryOf(after, waiting, segment),
        texts: [textOf(after, waiting, segment)],
      };
    });
  },
});

function doubtsOf(archiver: TextRow | undefined): readonly string[] {
  return archiver?.standby === "true"
    ? ["this is a standby, which archives nothing by itself: name the primary's address"]
    : [];
}

function configurationProblems(archiver: TextRow | undefined): readonly string[] {
  const { mode, command = "", library = "" } = archiver ?? {};
  if (mode === "off") return ["archive_mode is off: nothing is archived"];
  if (library !== "" && library !== null) return [];
  if (command === "" || command === null)
    return ["there is neither an archive_command nor an archive_library"];
  return KEEPS_NOTHING.test(command)
    ? [`archive_command is ${command}: it keeps nothing of what it gets`]
    : [];
}

/** Ends the segment that is being written, and waits until it is archived or certain not to be. */
async function switchSegment(
  ask: Ask,
  { clock, signal }: Pick<ProbeContext, "clock" | "signal">,
): Promise<SwitchedSegment> {
  const [failuresBefore] = await ask(READ_ARCHIVER);
  const [emit = "", end = ""] = SWITCH_SEGMENT;
  await ask(emit);
  const [ended] = await ask(end);
  const name = ended?.segment ?? "";
  const beganMs = clock.monotonicMs();
  let missing = 0;
  for (;;) {
    const [archiver] = await ask(READ_ARCHIVER);
    const tookMs = clock.monotonicMs() - beganMs;
    missing = archiver?.archivers === "0" ? missing + 1 : 0;
    const whyNot = whyNotArchived(name, archiver, { failuresBefore, missing, tookMs });
    if (whyNot !== null) return { name, tookMs, whyNot };
    await clock.sleep(POLL_MS, signal);
  }
}

/** The empty text when the segment is archived; null while that is open. */
function whyNotArchived(
  name: string,
  archiver: TextRow | undefined,
  so: { readonly failuresBefore: TextRow | undefined; readonly missing: number; readonly tookMs: number },
): string | null {
  const last = archiver?.last_archived_wal ?? "";
  // Segments of a timeline are archived in the order of their names.
  if (SEGMENT.test(last) && last.slice(0, name.length) >= name) return "";
  if (archiver?.failed_count !== so.failuresBefore?.failed_count) return "the attempt failed";
  if (so.missing >= MISSING_READINGS) return "the archiver has died";
  return so.tookMs > ARCHIVED_WITHIN_MS ? `nothing happened for ${ARCHIVED_WITHIN_MS / 1_000} s` : null;
}

function archiverProblems(
  archiver: TextRow | undefined,
  waiting: TextRow | undefined,
  segment: SwitchedSegment | null,
): readonly string[] {
  const failures = `${archiver?.failed_count ?? "unknown"} failures are counted`;
  const oldestSeconds = numberIn(waiting, "oldest_seconds");
  return [
    ...(segment !== null && segment.whyNot !== ""
      ? [`segment ${segment.name} is not archived: ${segment.whyNot}, while ${failures}`]
      : []),
    ...(oldestSeconds > MOST_WAITING_SECONDS
      ? [`${waiting?.waiting} segments wait, the oldest for ${oldestSeconds.toFixed(0)} s, while ${failures}`]
      : []),
    ...(archiver?.failed_last === "true"
      ? [`the last attempt failed, for ${archiver.last_failed_wal ?? "an unknown segment"}: ${failures}`]
      : []),
  ];
}

function summaryOf(
  archiver: TextRow | undefined,
  waiting: TextRow | undefined,
  segment: SwitchedSegment | null,
): string {
  const ended =
    segment === null
      ? "no segment was ended"
      : segment.whyNot === ""
        ? `a segment was archived in ${segment.tookMs.toFixed(0)} ms`
        : "a segment was not archived";
  return `${ended}, ${waiting?.waiting ?? "?"} wait, ${archiver?.failed_count ?? "?"} failed`;
}

function textOf(
  archiver: TextRow | undefined,
  waiting: TextRow | undefined,
  segment: SwitchedSegment | null,
): string {
  const shown = ["mode", "command", "library", "timeout", "archived_count", "last_archived_wal"];
  return [
    "8. WAL archiving",
    ...[...shown, "failed_count", "last_failed_wal"].map(
      (name) => `  ${name}: ${archiver?.[name] ?? "none"}`,
    ),
    `  segments that wait: ${waiting?.waiting ?? "unknown"}, the oldest for ${numberIn(waiting, "oldest_seconds").toFixed(1)} s`,
    `  ended now: ${segment === null ? "none" : `${segment.name}, ${segment.whyNot === "" ? `archived after ${segment.tookMs.toFixed(0)} ms` : segment.whyNot}`}`,
    "",
  ].join("\n");
}
