import { z } from "zod";
import { readYaml } from "../../syntax/index.ts";
import { type KnownLabels, type LabelMatcher, labelMatcher, parseMatchers } from "./label-matcher.ts";

/** What of Alertmanager's configuration says who is notified. */
export interface AlertRoutes {
  readonly root: Route;
  /** By name: how many ways to notify somebody it has. */
  readonly receivers: ReadonlyMap<string, number>;
}

interface Route {
  readonly receiver: string;
  readonly matchers: readonly LabelMatcher[];
  readonly goesOn: boolean;
  /** The names of times in which it notifies nobody. */
  readonly mutedAt: readonly string[];
  readonly routes: readonly Route[];
}

/** A receiver to which an alert is routed. */
interface RoutedTo {
  readonly receiver: string;
  readonly mutedAt: readonly string[];
}

/** Where the alerts of a rule go. */
export interface Routing {
  readonly receivers: readonly RoutedTo[];
  /** Labels of the alert's series that decide it as well; it is then the route of an alert without them. */
  readonly dependsOn: readonly string[];
}

interface RouteInput {
  readonly receiver?: string | undefined;
  readonly continue?: boolean | undefined;
  readonly match?: Readonly<Record<string, string>> | undefined;
  readonly match_re?: Readonly<Record<string, string>> | undefined;
  readonly matchers?: readonly string[] | undefined;
  readonly mute_time_intervals?: readonly string[] | undefined;
  readonly active_time_intervals?: readonly string[] | undefined;
  readonly routes?: readonly RouteInput[] | undefined;
}
const text = z.coerce.string();
const routeShape: z.ZodType<RouteInput> = z.object({
  receiver: z.string().optional(),
  continue: z.boolean().optional(),
  match: z.record(z.string(), text).optional(),
  match_re: z.record(z.string(), text).optional(),
  matchers: z.array(z.string()).optional(),
  mute_time_intervals: z.array(z.string()).optional(),
  active_time_intervals: z.array(z.string()).optional(),
  get routes() {
    return z.array(routeShape).optional();
  },
});
const configShape = z.object({
  route: routeShape,
  receivers: z.array(z.looseObject({ name: z.string() })),
});

/**
 * Reads the routes of a configuration, as Alertmanager prints it.
 *
 * @throws Error for a text that is no such configuration.
 */
export function readRoutes(config: string): AlertRoutes {
  const reading = readYaml(config);
  if (reading.kind === "unreadable") {
    throw new Error(
      `Expected Alertmanager's configuration, got: ${reading.problems[0]?.problem ?? "no YAML"}.`,
    );
  }
  const { route, receivers } = configShape.parse(reading.source.data);
  return {
    root: routeOf(route, route.receiver ?? ""),
    receivers: new Map(receivers.map((receiver) => [receiver.name, waysOf(receiver)])),
  };
}

function waysOf(receiver: Readonly<Record<string, unknown>>): number {
  return Object.entries(receiver)
    .filter(([name]) => name.endsWith("_configs"))
    .reduce((sum, [, configs]) => sum + (Array.isArray(configs) ? configs.length : 0), 0);
}

/** A route without a receiver has its parent's. */
function routeOf(input: RouteInput, inherited: string): Route {
  const receiver = input.receiver ?? inherited;
  const equal = Object.entries(input.match ?? {}).map(([name, value]) => labelMatcher(name, "=", value));
  const like = Object.entries(input.match_re ?? {}).map(([name, value]) => labelMatcher(name, "=~", value));
  return {
    receiver,
    matchers: [...equal, ...like, ...(input.matchers ?? []).flatMap(parseMatchers)],
    goesOn: input.continue === true,
    mutedAt: [
      ...(input.mute_time_intervals ?? []),
      ...(input.active_time_intervals ?? []).map((name) => `all but ${name}`),
    ],
    routes: (input.routes ?? []).map((each) => routeOf(each, receiver)),
  };
}

/**
 * Finds where the alerts of a rule go, as Alertmanager does: the first child route that matches, those after it too
 * where it says `continue`, and the route itself where no child matches.
 */
export function routingOf({ root }: AlertRoutes, labels: KnownLabels): Routing {
  const dependsOn = new Set<string>();
  const receivers = descend(root, labels, dependsOn);
  return { receivers, dependsOn: [...dependsOn] };
}

function descend(route: Route, labels: KnownLabels, dependsOn: Set<string>): readonly RoutedTo[] {
  const found: RoutedTo[] = [];
  for (const child of route.routes) {
    if (!matches(child, labels, dependsOn)) continue;
    found.push(...descend(child, labels, dependsOn));
    if (!child.goesOn) return found;
  }
  return found.length > 0 ? found : [{ receiver: route.receiver, mutedAt: route.mutedAt }];
}

function matches({ matchers }: Route, labels: KnownLabels, dependsOn: Set<string>): boolean {
  const unknown: string[] = [];
  for (const matcher of matchers) {
    const answer = matcher.test(labels);
    if (answer === "fails") return false;
    if (answer === "unknown") unknown.push(matcher.name);
  }
  for (const name of unknown) dependsOn.add(name);
  return unknown.length === 0;
}
