import { type Evidence, evidenceFrom, LOG_FACTORS, NO_EVIDENCE } from "./evidence.ts";
import { logTiltedMeans } from "./hypergeometric.ts";

/** Of `total` things, `bad` ones were bad. */
export interface Share {
  readonly bad: number;
  readonly total: number;
}

/** Events, and in how much of something they could happen: requests, minutes. */
export interface Events {
  readonly events: number;
  readonly exposure: number;
}

/**
 * What one look says about the odds of a bad answer in the candidate, as a factor of the stable's at the same time
 * (Fisher's exact conditional likelihood). What both arms suffer at once cancels out.
 */
export function compareShares(candidate: Share, stable: Share): Evidence {
  const draw = {
    population: candidate.total + stable.total,
    marked: candidate.bad + stable.bad,
    drawn: candidate.total,
  };
  if (draw.marked === 0 || draw.drawn === 0 || stable.total === 0) return NO_EVIDENCE;
  const means = logTiltedMeans(draw, LOG_FACTORS);
  return LOG_FACTORS.map((g, index) => g * candidate.bad - (means[index] ?? Number.NaN));
}

/** What one look says about the rate of events in the candidate, as a factor of the stable's at the same time. */
export function compareEvents(candidate: Events, stable: Events): Evidence {
  const all = candidate.events + stable.events;
  if (all === 0 || candidate.exposure === 0 || stable.exposure === 0) return NO_EVIDENCE;
  const ratio = candidate.exposure / stable.exposure;
  return evidenceFrom((g) => g * candidate.events - all * Math.log1p(Math.exp(g) * ratio));
}

/** What one look says about the odds of a bad answer, as a factor of the odds at a limit. */
export function shareAgainstLimit({ bad, total }: Share, limit: number): Evidence {
  const odds = limit / (1 - limit);
  return evidenceFrom((g) => g * bad - total * Math.log1p(Math.exp(g) * odds));
}

/** What one look says about the rate of events, as a factor of a limit. */
export function eventsAgainstLimit({ events, exposure }: Events, limit: number): Evidence {
  return evidenceFrom((g) => g * events - Math.exp(g) * limit * exposure);
}
