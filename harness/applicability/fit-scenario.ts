import { faultLabel } from "../../chaos/index.ts";
import type { NotApplicable } from "../../evidence/index.ts";
import { parsePromql, type RuleGroup } from "../../signals/index.ts";
import { VENUES, type VenueName } from "../../venues/index.ts";
import { needsOneProcess } from "../experiment/ordinary-conditions.ts";
import { interruptsPlatform } from "../experiment/platform-interruptions.ts";
import type { Scenario, ScheduledFault } from "../experiment/scenario.ts";
import { leavingOutMetrics } from "./fit-rules.ts";
import { lackedBy, type Means, missingVenues } from "./lacks.ts";

/** A scenario adapted to a platform, or what it needs that the platform lacks. */
export type FittedScenario =
  | { readonly kind: "fits"; readonly scenario: Scenario; readonly notApplicable: readonly NotApplicable[] }
  | { readonly kind: "not-applicable"; readonly needs: string };

/**
 * Adapts a scenario to a platform. Orders go to the venues that it trades, in the same proportions; faults
 * on links and conditions on features that it does not have are left out and listed. A scenario that no
 * longer proves its hypothesis does not apply at all: when every fault is left out, or its occurrences
 * concern a venue that the platform does not trade. An occurrence whose metric is missing stays, and makes
 * the scenario inconclusive.
 */
export function fitScenario(scenario: Scenario, means: Means, groups: readonly RuleGroup[]): FittedScenario {
  const { load, faults, expectation } = scenario;
  const asked = Object.entries(load.venues).filter(([, weight]) => weight > 0);
  const traded = asked.filter(([venue]) => means.venues.some((name) => name === venue));
  const lostVenues = missingVenues(
    means,
    asked.map(([venue]) => venue as VenueName),
  );
  if (traded.length === 0) return { kind: "not-applicable", needs: lostVenues.join(" or ") };
  const lostFaults = faults.filter(({ fault }) => needsOfFault(fault, means).length > 0);
  const keptFaults = faults.filter((scheduled) => !lostFaults.includes(scheduled));
  if (faults.length > 0 && keptFaults.length === 0) {
    const needed = new Set(lostFaults.flatMap(({ fault }) => needsOfFault(fault, means)));
    return { kind: "not-applicable", needs: [...needed].join(", ") };
  }
  const lacked = (expression: string) => lackedBy(means, parsePromql(expression), groups);
  const titles = new Set<string>(VENUES.map(({ title }) => title));
  const impossible = expectation.happens
    .flatMap(({ expression }) => lacked(expression))
    .filter((need) => titles.has(need));
  if (impossible.length > 0) return { kind: "not-applicable", needs: [...new Set(impossible)].join(", ") };
  const isInterrupted = keptFaults.some(({ fault }) => interruptsPlatform(fault));
  const unjudged = expectation.holds.filter(
    (condition) => isInterrupted && needsOneProcess(condition) && lacked(condition.expression).length === 0,
  );
  const notApplicable = [
    ...unjudged.map(({ name }) => ({ what: name, needs: ONE_PROCESS })),
    ...lostFaults.map(({ fault }) => ({
      what: faultLabel(fault),
      needs: needsOfFault(fault, means).join(", "),
    })),
    ...[...expectation.holds, ...expectation.happens].flatMap(({ name, expression }) => {
      const needs = lacked(expression).join(", ");
      return needs === "" ? [] : [{ what: name, needs }];
    }),
    ...(means.lacksMetrics.includes(FEED_AGE) ? [{ what: "fresh feeds", needs: FEED_AGE }] : []),
  ];
  const fitted = <Query extends { readonly expression: string }>(query: Query): Query => ({
    ...query,
    expression: leavingOutMetrics(query.expression, means),
  });
  return {
    kind: "fits",
    scenario: {
      ...scenario,
      load: { ...load, venues: { ...NO_ORDERS, ...Object.fromEntries(traded) } },
      faults: keptFaults,
      expectation: {
        ...expectation,
        holds: expectation.holds
          .filter((condition) => lacked(condition.expression).length === 0 && !unjudged.includes(condition))
          .map(fitted),
        happens: expectation.happens.map(fitted),
      },
    },
    notApplicable,
  };
}

/** What conditions on one process need, in a scenario in which a fault interrupts it. */
export const ONE_PROCESS = "a platform whose process runs throughout, and a fault interrupts it";
const FEED_AGE = "feed_staleness_seconds";

const NO_ORDERS = Object.fromEntries(
  VENUES.flatMap(({ name, orders }) => (orders.kind === "taken" ? [[name, 0]] : [])),
) as Scenario["load"]["venues"];

/** What a fault needs that the platform lacks: venues, by their titles, a clock to step, reports of browsers. */
export function needsOfFault(fault: ScheduledFault["fault"], means: Means): readonly string[] {
  const concerned = VENUES.filter(
    ({ name }) => fault.link.startsWith(`${name}-`) || ("venue" in fault && fault.venue === name),
  );
  const venues = missingVenues(
    means,
    concerned.map(({ name }) => name),
  );
  const lacksReports = fault.kind === "report-flood" && means.lacksMetrics.includes(CSP_REPORTS);
  return [
    ...venues,
    ...(fault.kind === "clock-step" && !means.hasSteppableClock ? [STEPPABLE_CLOCK] : []),
    ...(fault.kind === "disk-full" && !means.hasMounts ? [MOUNTS] : []),
    ...(lacksReports ? [CSP_REPORTS] : []),
  ];
}

/** What a platform counts that takes the reports of browsers. */
const CSP_REPORTS = "csp_violations_total";
const MOUNTS = "root on Linux, who may mount a small file system";
const STEPPABLE_CLOCK = "a clock that can be stepped (clock in platform.yml)";
