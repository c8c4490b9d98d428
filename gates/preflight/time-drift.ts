import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { requestHttp } from "../../network/index.ts";
import { defineCheck, type ProbeContext } from "../engine/check.ts";
import { numberIn, withClient } from "../engine/sql.ts";
import { venueMutant } from "../engine/venue-mutant.ts";

const execute = promisify(execFile);

/** Binance refuses what is more than a second ahead of its clock. */
const MAX_OFFSET_MS = 500;
/** A machine that others fill answers late at times: it is asked until one round trip is short enough to know. */
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 20;
const SHORT_ENOUGH_MS = MAX_OFFSET_MS / 4;
const NTP_DEADLINE_MS = 3_000;

const serverTime = z
  .union([z.object({ serverTime: z.number() }), z.object({ serverUnixTime: z.number() })])
  .transform((body) => ("serverTime" in body ? body.serverTime : body.serverUnixTime * 1_000));

/** How far another clock is ahead of this machine's, as the round trip allows to know it. */
interface Offset {
  readonly clock: string;
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
}

/** Do all clocks agree by which orders are signed and judged? */
export const timeDrift = defineCheck({
  id: "time-drift",
  title: "Time drift",
  question: "Do this machine, the database and the venues agree on the time?",
  risk: "Venues refuse signed orders whose timestamp is off, and leases and expiries in the database end wrongly.",
  command: `chronyc -c tracking; psql "$DATABASE_URL" -c 'SELECT clock_timestamp()'; date -u +%s.%N; curl -s "$VENUE/api/v3/time"`,
  passes: `every clock is within ${MAX_OFFSET_MS} ms of this machine's`,
  fix: "Run an NTP client on every machine (chrony), and check that it is synchronized: chronyc tracking.",
  evidence: ["preflight.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["database", "venueClocks"],
  mutant: venueMutant({
    what: "The clock of the venue Binance is 10 s ahead.",
    venue: "binance",
    misbehavior: "clock-skew",
    options: { every: 1, skewMs: 10_000 },
  }),
  observe: async ({ database, venueClocks }, context) => {
    const { clock } = context;
    const asOfMs = clock.nowMs();
    const [ntp, ...offsets] = await Promise.all([
      ntpLine(context.signal),
      databaseOffset(database, context),
      ...Object.entries(venueClocks).map(([venue, address]) => venueOffset(venue, address, context)),
    ]);
    const vague = offsets.filter(
      ({ offsetMs, uncertaintyMs }) =>
        uncertaintyMs > MAX_OFFSET_MS && Math.abs(offsetMs) - uncertaintyMs <= MAX_OFFSET_MS,
    );
    const off = offsets.filter(
      ({ offsetMs, uncertaintyMs }) => Math.abs(offsetMs) - uncertaintyMs > MAX_OFFSET_MS,
    );
    return {
      expected: ["database", ...Object.keys(venueClocks)],
      examined: offsets.map((each) => each.clock),
      acts: [],
      asOfMs,
      violations: off.map((each) => `the clock of ${each.clock} is ${described(each)}`),
      unclear: vague.map((each) => `${each.clock} answers too slowly to know its time: ${described(each)}`),
      summary: offsets.map(({ clock: name, offsetMs }) => `${name} ${signed(offsetMs)}`).join(", "),
      texts: [
        [
          "Time drift (against this machine)",
          `  ${"NTP".padEnd(10)}${ntp}`,
          ...offsets.map((each) => `  ${each.clock.padEnd(10)}${described(each)}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

function described({ offsetMs, uncertaintyMs }: Offset): string {
  return `${signed(offsetMs)} ± ${uncertaintyMs.toFixed(1)} ms`;
}

function signed(offsetMs: number): string {
  return `${offsetMs >= 0 ? "+" : ""}${offsetMs.toFixed(1)} ms`;
}

/** The answer with the shortest round trip says most. */
async function bestOf(name: string, context: ProbeContext, ask: () => Promise<number>): Promise<Offset> {
  let best: Offset = { clock: name, offsetMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY };
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const askedMs = context.clock.nowMs();
    const began = context.clock.monotonicMs();
    const theirMs = await ask();
    const uncertaintyMs = (context.clock.monotonicMs() - began) / 2;
    const offsetMs = theirMs - (askedMs + uncertaintyMs);
    if (uncertaintyMs < best.uncertaintyMs) best = { clock: name, offsetMs, uncertaintyMs };
    if (round >= LEAST_ROUNDS && best.uncertaintyMs <= SHORT_ENOUGH_MS) break;
  }
  return best;
}

function databaseOffset(database: string, context: ProbeContext): Promise<Offset> {
  return withClient(database, context.signal, (ask) =>
    bestOf("database", context, async () => {
      const [row] = await ask("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now_ms");
      return numberIn(row, "now_ms");
    }),
  );
}

function venueOffset(venue: string, address: string, context: ProbeContext): Promise<Offset> {
  const { signal, target } = context;
  return bestOf(venue, context, async () => {
    const answer = await requestHttp(address, { signal, allowedHosts: target.allowedHosts });
    const parsed = serverTime.safeParse(jsonOf(answer.text));
    if (parsed.success) return parsed.data;
    throw new Error(`Expected the time of ${venue} as JSON, got status ${answer.status} and something else.`);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What the machine's own NTP client says; many machines, and every container, have none. */
async function ntpLine(signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await execute("chronyc", ["-c", "tracking"], { signal, timeout: NTP_DEADLINE_MS });
    const seconds = Number(stdout.split(",")[4]);
    return Number.isFinite(seconds) ? `${signed(seconds * 1_000)} by chrony` : "chrony is not synchronized";
  } catch (error) {
    signal.throwIfAborted();
    return `no source on this machine (${error instanceof Error && "code" in error ? String(error.code) : "chronyc failed"})`;
  }
}
