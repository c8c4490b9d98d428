/** A scenario that cannot be meant: a name for the test, the text of its file, and the lines that say what is wrong. */
export type WrongScenario = readonly [what: string, text: string, ...lines: readonly string[]];

/** The beginning of a scenario, and whatever follows it. */
export function head(rest: string): string {
  return `name: slow-venue
hypothesis: When Binance answers late, each order is placed once.
${rest}`;
}

export const EXPECT = `expectation:
  recoversWithinMs: 3000
`;

export const LATE = `faults:
  - fault: { kind: http-reply-delay, link: binance-rest, delayMs: 300 }
    forMs: 3000
`;

/** A scenario of one fault with these attributes. */
export function fault(attributes: string, times = "forMs: 3000"): string {
  return head(`faults:\n  - fault: { ${attributes} }\n    ${times}\n${EXPECT}`);
}

/** A valid scenario with these lines in its expectation. */
export function expecting(lines: string): string {
  const indented = lines.split("\n").map((line) => `  ${line}\n`);
  return head(`${LATE}${EXPECT}${indented.join("")}`);
}
