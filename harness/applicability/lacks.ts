import { type Expr, type RuleGroup, selectorsOf } from "../../signals/index.ts";
import { VENUE_NAMES, VENUES, type VenueName } from "../../venues/index.ts";

/** The features of a platform that scenarios and rules may need. */
export interface Means {
  /** The venues that it trades or quotes. */
  readonly venues: readonly VenueName[];
  /** The metrics, by the field's names, that it declares as missing. */
  readonly lacksMetrics: readonly string[];
  /** Whether a fault can step its clock. */
  readonly hasSteppableClock: boolean;
  /** Whether a small file system can be mounted on this machine. */
  readonly hasMounts: boolean;
  /** Where it serves its metrics: the requests for them are no requests of clients. */
  readonly metricsPath: string;
}

/** The labels with which series name a venue; a feed has its venue's name. */
const VENUE_LABELS: readonly string[] = ["venue", "feed"];
const HISTOGRAM_SUFFIX = /_(bucket|sum|count)$/;

/**
 * What a platform lacks of everything that an expression reads, as text for a report: venues by
 * title, metrics by name. Empty when it lacks nothing. Series from recording rules of `groups` are
 * traced to their sources.
 */
export function lackedBy(means: Means, expr: Expr, groups: readonly RuleGroup[]): readonly string[] {
  const recorded = new Map(
    groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => (rule.kind === "record" ? [[rule.name, rule.expr] as const] : [])),
    ),
  );
  const lacked = new Set<string>();
  const look = (at: Expr, seen: ReadonlySet<string>): void => {
    for (const { matchers } of selectorsOf(at)) {
      for (const { name, operator, value } of matchers) {
        if (operator !== "=") continue;
        if (VENUE_LABELS.includes(name)) for (const title of missingVenue(means, value)) lacked.add(title);
        if (name !== "__name__") continue;
        const source = recorded.get(value);
        if (source !== undefined && !seen.has(value)) look(source, new Set([...seen, value]));
        else if (isLacked(means, value)) lacked.add(value);
      }
    }
  };
  look(expr, new Set());
  return [...lacked];
}

/** The titles of those of these venues that a platform does not trade. */
export function missingVenues({ venues }: Means, asked: readonly VenueName[]): readonly string[] {
  return VENUES.filter(({ name }) => asked.includes(name) && !venues.includes(name)).map(
    ({ title }) => title,
  );
}

function missingVenue(means: Means, label: string): readonly string[] {
  const venue = VENUE_NAMES.find((name) => name === label);
  return venue === undefined ? [] : missingVenues(means, [venue]);
}

/** A histogram is named once, without the suffixes of its series. */
function isLacked({ lacksMetrics }: Means, name: string): boolean {
  return lacksMetrics.includes(name) || lacksMetrics.includes(name.replace(HISTOGRAM_SUFFIX, ""));
}
