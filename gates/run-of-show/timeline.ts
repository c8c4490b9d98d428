/** Who does a step of a release. */
export type ShowRole = "commander" | "operator" | "deployer";

/** Which flags of the run of show a step's command takes. */
export type StepFlags = "archive" | "lab" | "target" | "signing" | "keys";

/** One step of a release: a command line at a time. */
export interface ShowStep {
  /** `preflight` */
  readonly name: string;
  /** Minutes from T-0, at which the canary gets its first traffic. */
  readonly minute: number;
  readonly title: string;
  readonly role: ShowRole;
  /** The words of kanit's command line; `{release}`, `{scale}` and `{commander}` stand for those of the show. */
  readonly command: readonly string[];
  readonly flags: readonly StepFlags[];
  /**
   * `stops`: what does not pass ends the show. `goes-on`: its verdict counts, and the next step comes all the
   * same, since it only looks. `beside`: it goes on while the next steps come, and its end is awaited before the
   * step that it is named in.
   */
  readonly end: "stops" | "goes-on" | { readonly beside: "awaited-before"; readonly step: string };
}

const STAGE_MINUTES = 15;
const HOUR_MINUTES = 60;
/** A snapshot is taken while the stage still is: a minute before its end. */
const BEFORE_END_MINUTES = 1;

const step = (
  minute: number,
  name: string,
  title: string,
  command: readonly string[],
  more: Partial<ShowStep> = {},
): ShowStep => ({
  ...{ minute, name, title, command },
  ...{ role: "operator", flags: ["archive", "target"], end: "stops", ...more },
});

const snapshot = (stage: string, endMinute: number): ShowStep =>
  step(
    endMinute - BEFORE_END_MINUTES,
    `snapshot-${stage}`,
    `Snapshot at ${stage} %`,
    ["snapshot", stage, "{release}"],
    { end: "goes-on" },
  );

/** The timeline of the deployment index, with what its list of evidence asks for besides. */
export const TIMELINE: readonly ShowStep[] = [
  step(-30, "freeze", "Freeze begins: pull requests get hold-for-canary", ["freeze", "start", "{release}"], {
    ...{ role: "commander", flags: ["archive"] },
  }),
  step(
    -20,
    "war-room",
    "War room opens: signals only, one commander",
    ["note", "{release}", "--take-command", "--by", "{commander}"],
    { role: "commander", flags: ["archive"], end: "goes-on" },
  ),
  step(-19, "old-code", "The old code is rehearsed on the new schema", ["old-code", "{release}"]),
  step(-18, "way-back", "The way back is rehearsed", ["rollback", "{release}", "--dry-run"]),
  step(-16, "kill-switch", "The kill switch is rehearsed", ["kill-switch", "{release}", "--drill"]),
  step(-12, "blind-spots", "Blind spots scan", ["blind-spots", "{release}"]),
  step(-10, "preflight", "60-second preflight", ["preflight", "{release}"]),
  step(-9, "blast", "Micro blast radius", ["blast", "https://canary", "{release}", "30", "--rehearse"], {
    flags: ["archive"],
  }),
  step(-8, "artifacts", "Artifact completeness", ["artifacts", "{release}"]),
  step(-5, "red-team", "Red team", ["red-team", "{release}"]),
  step(-2, "ritual", "Green button ritual", ["ritual", "{release}"], {
    ...{ role: "deployer", flags: ["archive", "target", "signing"] },
  }),
  step(-1, "go-no-go", "GO/NO-GO", ["go-no-go", "{release}"], {
    ...{ role: "commander", flags: ["archive", "target", "keys"] },
  }),
  step(0, "canary", "Canary: 1, 5, 25, 50 and 100 %", ["canary", "{release}", "--time-scale", "{scale}"], {
    end: { beside: "awaited-before", step: "first-night" },
    flags: ["archive", "lab"],
  }),
  snapshot("1", STAGE_MINUTES),
  snapshot("5", 2 * STAGE_MINUTES),
  snapshot("25", 3 * STAGE_MINUTES),
  snapshot("50", 4 * STAGE_MINUTES),
  snapshot("100", 6 * STAGE_MINUTES),
  step(
    6 * STAGE_MINUTES,
    "first-night",
    "First night: a check each hour",
    ["first-night", "{release}", "--time-scale", "{scale}"],
    { end: "goes-on" },
  ),
  step(
    24 * HOUR_MINUTES + 6 * STAGE_MINUTES,
    "oneliner",
    "Release note, and the release in one line",
    ["release-oneliner", "{release}"],
    { flags: ["archive"], end: "goes-on" },
  ),
  step(
    24 * HOUR_MINUTES + 6 * STAGE_MINUTES,
    "lift",
    "Freeze is lifted",
    ["freeze", "lift", "{release}", "--by", "{commander}"],
    { role: "commander", flags: ["archive"], end: "goes-on" },
  ),
];

/** `T-09`, `T+24h` */
export function minuteText(minute: number): string {
  const sign = minute > 0 ? "+" : "-";
  const size = Math.abs(minute);
  if (size < 2 * HOUR_MINUTES) return `T${sign}${String(size).padStart(2, "0")}`;
  const rest = size % HOUR_MINUTES;
  return `T${sign}${Math.floor(size / HOUR_MINUTES)}h${rest === 0 ? "" : String(rest).padStart(2, "0")}`;
}
