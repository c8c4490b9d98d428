/**
 * The two text formats. In OpenMetrics times are in seconds, samples may have exemplars, and `# EOF` proves
 * that the page is complete.
 */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** The format of a `Content-Type`; anything else is Prometheus's text format, as in Prometheus. */
export function formatOf(contentType: string | null): ExpositionFormat {
  return /^\s*application\/openmetrics-text\s*(?:;|$)/i.test(contentType ?? "")
    ? "openmetrics"
    : "prometheus";
}
