import type { AlertingRule } from "../../signals/index.ts";
import { routingOf } from "./alert-routes.ts";
import type { AlertmanagerState } from "./alertmanager.ts";
import type { KnownLabels } from "./label-matcher.ts";

/** The way of a trigger's alerts to people. */
export interface AlertWay {
  readonly name: string;
  readonly receivers: readonly string[];
  readonly problems: readonly string[];
  readonly doubts: readonly string[];
}

/** Finds the way of a rule's alerts, and what is wrong with it. */
export function wayOf(
  { name, labels: written }: AlertingRule,
  { routes, silences }: AlertmanagerState,
): AlertWay {
  const labels: KnownLabels = {
    ...Object.fromEntries(Object.entries(written).map(([label, { text }]) => [label, text])),
    alertname: name,
  };
  const { receivers, dependsOn } = routingOf(routes, labels);
  const dead = receivers.filter(({ receiver }) => (routes.receivers.get(receiver) ?? 0) === 0);
  const muted = receivers.filter(({ mutedAt }) => mutedAt.length > 0);
  const answers = silences.map(({ matchers, description }) => ({
    description,
    answers: matchers.map((matcher) => matcher.test(labels)),
  }));
  const holding = answers.filter((each) => each.answers.every((answer) => answer === "holds"));
  const possible = answers.filter(
    (each) =>
      each.answers.every((answer) => answer !== "fails") &&
      each.answers.some((answer) => answer === "holds") &&
      !holding.includes(each),
  );
  const deadLines = dead.map(({ receiver }) => `${name} is routed to ${receiver}, which notifies nobody`);
  return {
    name,
    receivers: receivers.map(({ receiver }) => receiver),
    problems: [
      ...(dependsOn.length === 0 ? deadLines : []),
      ...holding.map(({ description }) => `${name} is silenced: ${description}`),
    ],
    doubts: [
      ...(dependsOn.length === 0
        ? []
        : deadLines.map((line) => `${line}, unless ${dependsOn.join(", ")} lead elsewhere`)),
      ...muted.map(
        ({ receiver, mutedAt }) => `${name} is not notified to ${receiver} at times: ${mutedAt.join(", ")}`,
      ),
      ...possible.map(({ description }) => `${name} may be silenced for some of its series: ${description}`),
    ],
  };
}
