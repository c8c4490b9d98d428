import { type Random, seededRandom } from "../../core/index.ts";
import { STAYING_KINDS, type StayingKind } from "./staying-platforms.ts";

/** What is started, and how long it takes when nobody kills it. */
interface KilledCommand {
  readonly name: string;
  readonly words: readonly string[];
  readonly lastsMs: number;
  /** Whether it starts a lab, or talks to a server that runs already, whose address stands for `CANARY`. */
  readonly against: "lab" | "canary";
}

/** Stands in a command's words for the address of the server that answers. */
export const CANARY = "<canary>";

/**
 * Who is killed first. `every guard` means those of the processes and that of the lab, so that nobody is left to clean
 * up. kanit itself follows where the first kill does not end it.
 */
export type Victim =
  | "kanit"
  | "kanit's group"
  | "npm"
  | "shell"
  | "guards, then kanit"
  | "every guard, then kanit"
  | "proxy, then kanit";

/** One kill: everything that decides it. */
export interface PlannedKill {
  readonly number: number;
  readonly command: KilledCommand;
  readonly platform: StayingKind;
  readonly victim: Victim;
  readonly signal: NodeJS.Signals;
  /** How long after its start. */
  readonly momentMs: number;
  /** How long after the first victim kanit is killed, where that is needed. */
  readonly followsAfterMs: number;
}

const inLab = (words: readonly [string, ...string[]], lastsMs: number): KilledCommand => ({
  name: words[0],
  words,
  lastsMs,
  against: "lab",
});
const againstCanary = (words: readonly [string, ...string[]], lastsMs: number): KilledCommand => ({
  ...inLab(words, lastsMs),
  against: "canary",
});
const UP = inLab(["up"], 4_000);
const RUN = inLab(["run", "steady-state", "pg-outage"], 14_000);
const COMMANDS: readonly [KilledCommand, ...KilledCommand[]] = [
  UP,
  UP,
  RUN,
  RUN,
  inLab(["run", "ws-frames-swallowed"], 14_000),
  inLab(["drill", "FeedStale"], 12_000),
  inLab(["drill", "PgBouncerSaturated"], 12_000),
  inLab(["start"], 14_000),
  inLab(["backpressure", "--rates", "20,40", "--step-for", "2s"], 8_000),
  againstCanary(["blast", CANARY, "v1", "3"], 4_500),
  againstCanary(["load", "--url", CANARY, "--path", "/api/healthz", "--rate", "200", "--for", "3s"], 4_500),
];
const STARTERS: readonly [Victim, ...Victim[]] = [
  ...(["kanit", "kanit", "kanit", "kanit's group", "npm", "npm", "shell"] as const),
];
const VICTIMS: Readonly<Record<KilledCommand["against"], readonly [Victim, ...Victim[]]>> = {
  lab: [...STARTERS, "guards, then kanit", "every guard, then kanit", "proxy, then kanit"],
  canary: STARTERS,
};
const SIGNALS: readonly [NodeJS.Signals, ...NodeJS.Signals[]] = [
  ...(["SIGKILL", "SIGKILL", "SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"] as const),
];
/** The share of kills while the command is just being started. */
const EARLY_SHARE = 0.25;
const EARLY_MS = 300;
/** The share of kills while its lab is being started. */
const STARTING_SHARE = 0.35;
const STARTING_MS = 2_000;
const FOLLOWS_WITHIN_MS = 1_500;

/** Returns the kills that the seed decides; the same number is the same kill, however many there are. */
export function planKills(seed: number, from: number, count: number): readonly PlannedKill[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) =>
    planKill(from + index, random.fork(`kill ${from + index}`)),
  );
}

function planKill(number: number, random: Random): PlannedKill {
  const command = random.pick(COMMANDS);
  const victim = random.pick(VICTIMS[command.against]);
  // A process of a lab that is asked to end is no kill: only the runner is asked.
  const signal = victim.endsWith("then kanit") ? "SIGKILL" : random.pick(SIGNALS);
  return {
    number,
    command,
    platform: random.pick(STAYING_KINDS),
    victim,
    signal,
    momentMs: Math.round(momentOf(command, random)),
    followsAfterMs: Math.round(random.next() * FOLLOWS_WITHIN_MS),
  };
}

function momentOf({ lastsMs }: KilledCommand, random: Random): number {
  const kind = random.next();
  if (kind < EARLY_SHARE) return random.next() * EARLY_MS;
  if (kind < EARLY_SHARE + STARTING_SHARE) return EARLY_MS + random.next() * (STARTING_MS - EARLY_MS);
  return STARTING_MS + random.next() * (lastsMs - STARTING_MS);
}
