import { UnavailableError } from "../../core/index.ts";
import { ExpositionParser } from "../exposition/parse-exposition.ts";
import type { Source } from "./source.ts";

const ACCEPT = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9,*/*;q=0.1";

/**
 * Scrapes a `/metrics` page over HTTP.
 *
 * Rejects with UnavailableError `scrape-status` for any status but 200, with `bad-exposition` for a page that is not
 * in the text format, and with fetch's own error when the target cannot be reached.
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
      return parser.parse(text);
    },
  };
}
