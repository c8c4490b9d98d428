/** A browser's report of a violation of the content security policy, in the format of `report-uri`. */
export function cspReport(directive: string): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const report = { "effective-directive": directive, "blocked-uri": "https://example.test/x.js" };
  return {
    headers: { "content-type": "application/csp-report" },
    body: JSON.stringify({ "csp-report": report }),
  };
}

/** A directive that does not exist: whoever makes a label of it gets one more with each. */
export function madeUpDirective(number: number): string {
  return `made-up-${number}`;
}
