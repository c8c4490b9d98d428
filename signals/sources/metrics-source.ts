import { UnavailableError } from "../../core/index.ts";
import { MAX_PAGE_BYTES, requestHttp } from "../../network/index.ts";
import { formatOf } from "../exposition/exposition-format.ts";
import { ExpositionParser } from "../exposition/parse-exposition.ts";
import type { Source } from "./source.ts";

/**
 * The formats that Prometheus requests, in its order of preference, so that a target sends the same page
 * here.
 */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/**
 * Scrapes a `/metrics` page over HTTP, in Prometheus's text format or OpenMetrics, as its `Content-Type` says.
 *
 * Rejects with UnavailableError `scrape-status` for any status but 200, with `bad-exposition` for a page that is not
 * in its format, and with NetworkError when the target cannot be reached or its page is larger than 16 MiB.
 */
export function metricsSource(options: {
  readonly name: string;
  readonly url: string;
  /** Hosts besides this machine that may be scraped; none by default. */
  readonly allowedHosts?: readonly string[];
  /** The `job` label; by default the source's name. */
  readonly job?: string;
}): Source {
  const { name, url, allowedHosts = [], job = name } = options;
  const parser = new ExpositionParser();
  return {
    name,
    target: { job, instance: new URL(url).host },
    async collect(signal) {
      const headers = { accept: ACCEPT };
      const asked = { signal, allowedHosts, headers, maxBodyBytes: MAX_PAGE_BYTES };
      const response = await requestHttp(url, asked);
      if (response.status !== 200) {
        throw new UnavailableError({
          code: "scrape-status",
          message: `Expected status 200 from ${url}, got ${response.status}.`,
          nextStep: "Check that the target serves its metrics there.",
        });
      }
      return parser.parse(response.text, formatOf(response.headers["content-type"] ?? null));
    },
  };
}
