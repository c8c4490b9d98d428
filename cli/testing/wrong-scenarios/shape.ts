import { EXPECT, head, LATE, type WrongScenario } from "./texts.ts";

/** Scenarios that are none, or in which load, times or names are wrong. */
export const WRONG_SHAPES: readonly WrongScenario[] = [
  ["empty", "", "1:1: expected an object, got nothing"],
  ["text", "just words", '1:1: expected an object, got "just words"'],
  ["list", "- a\n- b\n", '1:1: expected an object, got ["a","b"]'],
  ["no-name", `hypothesis: x\n${EXPECT}`, "1:1: name: expected a text, got nothing"],
  [
    "name-caps",
    `name: Slow Venue
hypothesis: x
${EXPECT}`,
    '1:7: name: expected words in lower case joined by -, got "Slow Venue"',
  ],
  ["no-hypothesis", `name: slow-venue\n${EXPECT}`, "1:1: hypothesis: expected a text, got nothing"],
  ["no-expectation", head(LATE), "1:1: expectation: expected an object, got nothing"],
  [
    "key-top",
    head(`${LATE}expectations:
  recoversWithinMs: 3000
`),
    '6:1: expectations: expected one of the keys name, hypothesis, tags, load, timing, canary, faults, expectation, got "expectations"; did you mean expectation?',
  ],
  [
    "tag-number",
    head(`tags: [1, Nightly]\n${EXPECT}`),
    "3:8: tags[0]: expected a text, got 1",
    '3:11: tags[1]: expected words in lower case joined by -, got "Nightly"',
  ],
  [
    "load-rate",
    head(`load: { rate: 30 }\n${EXPECT}`),
    '3:9: load.rate: expected one of the keys rateRps, venues, got "rate"; did you mean rateRps?',
  ],
  [
    "load-text",
    head(`load: { rateRps: fast }\n${EXPECT}`),
    '3:18: load.rateRps: expected a number, got "fast"',
  ],
  ["load-zero", head(`load: { rateRps: 0 }\n${EXPECT}`), "3:18: load.rateRps: expected more than 0, got 0"],
  [
    "load-venue",
    head(`load: { venues: { kraken: 1 } }\n${EXPECT}`),
    '3:17: load.venues: expected a weight above 0 for at least one choice, got {"kraken":1}',
    '3:19: load.venues.kraken: expected one of the keys binance, btcturk, got "kraken"',
  ],
  [
    "load-no-weight",
    head(`load: { venues: { binance: 0 } }\n${EXPECT}`),
    '3:17: load.venues: expected a weight above 0 for at least one choice, got {"binance":0}',
  ],
  [
    "load-few",
    head(`load: { rateRps: 5 }\n${LATE}${EXPECT}`),
    "3:18: load.rateRps: expected at least 14, since a recovery is judged by 20 operations in 1500 ms, got 5",
  ],
  [
    "timing-key",
    head(`timing: { steadyMs: 3000 }\n${EXPECT}`),
    '3:11: timing.steadyMs: expected one of the keys steadyBeforeMs, steadyAfterMs, got "steadyMs"',
  ],
  [
    "timing-short",
    head(`timing: { steadyBeforeMs: 100 }\n${EXPECT}`),
    "3:27: timing.steadyBeforeMs: expected at least 500, in which 20 operations start at 40 per second, got 100",
  ],
  [
    "timing-fraction",
    head(`timing: { steadyBeforeMs: 1500.5 }\n${EXPECT}`),
    "3:27: timing.steadyBeforeMs: expected a whole number, got 1500.5",
  ],
  ["yaml-tab", "name: a\n\thypothesis: b\n", "2:1: expected YAML, got: Tabs are not allowed as indentation"],
  [
    "yaml-twice",
    `name: slow-venue
name: other
hypothesis: x
${EXPECT}`,
    "2:1: expected YAML, got: Map keys must be unique",
  ],
  [
    "yaml-open",
    "name: [slow-venue\n",
    "2:1: expected YAML, got: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  [
    "yaml-two",
    `${head(EXPECT)}---\n${head(EXPECT)}`,
    "5:1: expected YAML, got: expected one document, got a second one",
  ],
  [
    "yaml-alias",
    `name: *who
hypothesis: x
${EXPECT}`,
    "1:7: expected YAML, got: there is no anchor who before it",
  ],
];
