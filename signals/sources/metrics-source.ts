import { UnavailableError } from "../../core/index.ts";
import { ExpositionParser, formatOf } from "../exposition/parse-exposition.ts";
import type { Source } from "./source.ts";

/** What Prometheus asks for, in its order of preference: so a target shows here what it would show there. */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/**
 * Scrapes a `/metrics` page over HTTP, in Prometheus's text format or OpenMetrics, as its `Content-Type` says.
 *
 * Rejects with UnavailableError `scrape-status` for any status but 200, with `bad-exposition` for a page that is not
 * in its format, and with fetch's own error when the target cannot be reached.
 */
export function metricsSource(options: {
  readonly name: string;
  readonly url: string;
  /** The `job` label; the source's name by default. */
  readonly job?: string;
}): Source {
  const { name, url, job = name } = options;
  const parser = new ExpositionParser();
  return {
    name,
    target: { job, instance: new URL(url).host },
    async collect(signal) {
      const response = await fetch(url, { signal, headers: { accept: ACCEPT } });
      const text = await response.text();
      if (response.status !== 200) {
        throw new UnavailableError({
          code: "scrape-status",
          message: `Expected status 200 from ${url}, got ${response.status}.`,
          nextStep: "Check that the target serves its metrics there.",
        });
      }
      return parser.parse(text, formatOf(response.headers.get("content-type")));
    },
  };
}
