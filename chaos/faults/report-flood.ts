import { text, wholeNumber } from "../proxy/toxics/attribute-spec.ts";
import { repeatBursts } from "./client-bursts.ts";
import { madeUpDirective } from "./csp-report.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const statement = stateFault({
  kind: "report-flood",
  specs: {
    path: text("where the platform takes the reports", "/api/csp-report", (path) =>
      path.startsWith("/") ? undefined : "expected a path that begins with /",
    ),
    reports: wholeNumber("count", "how many reports come at once", { fallback: 10, min: 1, max: 1_000 }),
    pause: wholeNumber("ms", "the pause until the next ones", { fallback: 50, max: 60_000 }),
  },
  placeOf: () => "api",
});

type ReportFlood = FaultIn<typeof statement>;

/** Each browser reports violations of the content security policy, each with a text of its own. */
export const reportFlood: FaultKind<ReportFlood> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: () => null,
  summary: "browsers flood the platform with CSP reports, each on a directive that does not exist",
  healing: "No further report is sent, and all answers are awaited.",
  label: ({ reports, pauseMs }) => `CSP reports, ${reports} at once, ${pauseMs} ms apart`,
  async inject(fault, context) {
    const { path, reports, pauseMs } = fault;
    return repeatBursts(
      {
        label: reportFlood.label(fault),
        pauseMs,
        burst: async (clients, number) => {
          const answers = await Promise.all(
            Array.from({ length: reports }, (_, index) =>
              clients.report(path, madeUpDirective(number * reports + index)),
            ),
          );
          return answers.filter((isAnswered) => isAnswered).length;
        },
      },
      context,
    );
  },
};
