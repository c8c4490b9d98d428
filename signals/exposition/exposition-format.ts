/**
 * The two text formats. In OpenMetrics times count in seconds, samples may carry exemplars, and `# EOF` proves that
 * nothing was cut off.
 */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** The format that a `Content-Type` names; anything else is Prometheus's own, as in Prometheus. */
export function formatOf(contentType: string | null): ExpositionFormat {
  return /^\s*application\/openmetrics-text\s*(?:;|$)/i.test(contentType ?? "")
    ? "openmetrics"
    : "prometheus";
}
