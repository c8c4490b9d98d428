import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import { hourText } from "./hour-log.ts";
import type { NightPlan } from "./night-plan.ts";
import { missedHours, missedLine, type NightState } from "./night-state.ts";

/** The name of the report of a whole night. */
export const STABILITY_REPORT = "stability_report_24h.md";

/** A spot check of the contracts, as it is filed. */
export interface FiledSpot {
  readonly name: string;
  readonly verdict: Verdict;
}

/** How a night went. */
export interface Stability {
  readonly verdict: Verdict;
  /** What is not in order, or could not be found out, one line each. */
  readonly findings: readonly string[];
}

/**
 * Judges a night: a failed hour fails it; a missing one, a broken chain, a spot check that is not there leave it
 * open.
 */
export function stabilityOf(state: NightState, spots: readonly FiledSpot[]): Stability {
  const missed = missedHours(state, state.hours.length);
  const bad = state.hours.flatMap((filed) => {
    if (filed === null || filed.record.verdict === "pass") return [];
    const { hour, problems, missing } = filed.record;
    const [first] = [...problems, ...missing];
    return [`hour ${hourText(hour)}: ${filed.record.verdict}: ${first ?? ""}`];
  });
  const spotFindings = [
    ...(spots.length === 0 ? ["no contract spot check is filed"] : []),
    ...spots.filter(({ verdict }) => verdict !== "pass").map(({ name, verdict }) => `${name}: ${verdict}`),
  ];
  const open = [...missed.map(missedLine), ...state.findings];
  return {
    verdict: mergeVerdicts([
      ...state.hours.map((filed) => filed?.record.verdict ?? "inconclusive"),
      ...spots.map(({ verdict }) => verdict),
      ...(open.length > 0 || spots.length === 0 ? (["inconclusive"] as const) : []),
    ]),
    findings: [...bad, ...open, ...spotFindings],
  };
}

/** `stability_report_24h.md` */
export function stabilityText(
  plan: NightPlan,
  state: NightState,
  spots: readonly FiledSpot[],
  madeAt: string,
): string {
  const { verdict, findings } = stabilityOf(state, spots);
  const done = state.hours.filter((filed) => filed !== null);
  const rehearsal =
    plan.timeScale === 1
      ? []
      : [
          `This is a rehearsal, ${plan.timeScale} times as fast as the wall clock: it says nothing about a night.`,
          "",
        ];
  const lines = [
    `# Stability of ${plan.release} over ${plan.hours} hours: ${verdict}`,
    "",
    ...rehearsal,
    `From ${plan.startedAt}, written at ${madeAt}. ${done.length} of ${plan.hours} hours were checked.`,
    "",
    "## Findings",
    "",
    ...(findings.length === 0 ? ["- none"] : findings.map((line) => `- ${line}`)),
    "",
    "## Hours",
    "",
    "| hour | verdict | requests | P95 s | 5xx | staleness s | fastest burn |",
    "|---|---|---|---|---|---|---|",
    ...state.hours.map((_, hour) => hourRow(state, hour)),
    "",
    "## Budgets at the end",
    "",
    ...(done
      .at(-1)
      ?.record.budgets.map(({ objective, left }) => `- ${objective}: ${numberText(left)} is left`) ?? []),
    "",
    "## Contracts",
    "",
    ...(spots.length === 0
      ? ["- not looked at"]
      : spots.map(({ name, verdict: said }) => `- ${name}: ${said}`)),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function hourRow({ hours }: NightState, hour: number): string {
  const record = hours[hour]?.record;
  if (record === undefined) return `| ${hourText(hour)} | **not checked** | | | | | |`;
  const value = (id: string) => numberText(record.signals.find((each) => each.id === id)?.value ?? null);
  const burns = record.burns.flatMap(({ long }) => (long === null ? [] : [long]));
  return [
    "",
    ...[
      hourText(hour),
      record.verdict,
      record.requests === null ? "none" : String(Math.floor(record.requests)),
    ],
    ...[value("api_latency_p95"), value("http_errors"), value("feed_staleness")],
    ...[numberText(burns.length === 0 ? null : Math.max(...burns)), ""],
  ]
    .join(" | ")
    .trim();
}

const DIGITS = 3;

function numberText(value: number | null): string {
  return value === null ? "none" : String(Number(value.toPrecision(DIGITS)));
}
