import { formatDuration, mergeVerdicts, type Verdict } from "../../core/index.ts";
import { minuteText, type ShowRole, type ShowStep } from "./timeline.ts";

/** How a step went. */
export interface StepRecord {
  readonly name: string;
  readonly title: string;
  readonly role: ShowRole;
  readonly minute: number;
  /** As a person would type it. */
  readonly command: string;
  readonly plannedAt: string;
  /** Null: it was not begun. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly verdict: Verdict;
  readonly exitCode: number | null;
  /** The end of what the command said. */
  readonly said: readonly string[];
}

/** How the run of show of a release went. */
export interface ShowRecord {
  readonly schema: "kanit.show/1";
  readonly release: string;
  readonly target: string;
  readonly commander: string;
  /** When the canary gets its first traffic. */
  readonly zeroAt: string;
  readonly timeScale: number;
  readonly verdict: Verdict;
  readonly steps: readonly StepRecord[];
  /** Why it was held; null where it came to its end. */
  readonly held: string | null;
}

/** The verdict of all steps: one that was not begun is no pass. */
export function verdictOfShow(steps: readonly StepRecord[]): Verdict {
  return mergeVerdicts(steps.map(({ verdict }) => verdict));
}

/** A step before it is begun. */
export function plannedStep(step: ShowStep, command: string, plannedAtMs: number): StepRecord {
  const { name, title, role, minute } = step;
  return {
    ...{ name, title, role, minute, command, plannedAt: new Date(plannedAtMs).toISOString() },
    ...{ startedAt: null, endedAt: null, verdict: "inconclusive", exitCode: null, said: [] },
  };
}

const NAME_COLUMNS = 13;
const ROLE_COLUMNS = 10;

/** `run_of_show_<release>.txt` */
export function showText(record: ShowRecord): string {
  const { release, target, commander, zeroAt, timeScale, verdict, steps, held } = record;
  const rehearsal = timeScale === 1 ? "" : ` (a rehearsal, ${timeScale} times as fast as the wall clock)`;
  const lines = [
    `Run of show of ${release}: ${verdict}${rehearsal}`,
    `target     ${target}`,
    `commander  ${commander}`,
    `T-0        ${zeroAt}`,
    ...(held === null ? [] : [`HELD       ${held}`]),
    "",
    ...steps.flatMap((step) => [stepLine(step), ...step.said.map((line) => `             ${line}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** A step in a line: when it was planned, who, how it ended, how long it took, how late it began. */
export function stepLine(step: StepRecord): string {
  const { minute, verdict, name, role, startedAt, endedAt, plannedAt, command, exitCode } = step;
  const standing = startedAt === null ? "not begun" : endedAt === null ? "not ended" : verdict;
  const took =
    startedAt === null || endedAt === null ? "" : formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  const lateMs = startedAt === null ? 0 : Date.parse(startedAt) - Date.parse(plannedAt);
  const late = lateMs >= 1_000 ? `, ${formatDuration(lateMs)} late` : "";
  const code = exitCode === null || exitCode <= 2 ? "" : `, exit code ${exitCode}`;
  return `${minuteText(minute).padEnd(8)} ${standing.padEnd(13)} ${name.padEnd(NAME_COLUMNS)} ${role.padEnd(ROLE_COLUMNS)} ${took.padStart(9)}${late}${code}  ${command}`;
}
