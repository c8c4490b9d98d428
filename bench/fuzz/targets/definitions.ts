import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { API_SCHEMA, type ApiDefinition, type MappedApiDefinition } from "../../../api/api-definition.ts";
import { MappedApi } from "../../../api/mapped-api.ts";
import { compileExpression, ExpressionError } from "../../../api/mapping/expression.ts";
import { parseAnswer } from "../../../api/mapping/parse-answer.ts";
import { parseTemplate } from "../../../api/mapping/template.ts";
import type { Question } from "../../../api/question.ts";
import { QuoteMessages } from "../../../api/stream/quote-messages.ts";
import { readResult } from "../../../contracts/contracts-result.ts";
import { readPlatformDefinition } from "../../../definition/platform-definition.ts";
import { completeScenario } from "../../../harness/experiment/scenario.ts";
import { parseRecordedArrivals } from "../../../load/recorded-arrivals.ts";
import { readRunFacts } from "../../../runs/read-run-facts.ts";
import { DEFAULT_TIME_SCALE } from "../../../runs/run-experiments.ts";
import { loadFile } from "../../../runs/selection/loaded-file.ts";
import { type FuzzTarget, SHARES, target, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const PLATFORM = readFileSync(new URL("../../../platform/platform.yml", import.meta.url), "utf8");
const PLATFORM_DATA: Record<string, unknown> = parse(PLATFORM);
const YAML_WORDS = [
  ...["\n", "  ", "- ", ": ", "&a ", "*a", "!!binary ", "<<: *a", "[", "{", "|", "\t", "#", "? "],
];
const SCENARIO_FILES = [
  "name: a\nhypothesis: b\nfaults:\n  - fault: &f { kind: down, link: postgres }\n    forMs: 3000\n  - fault: *f\n",
  "name: a\nhypothesis: b\nexpectation:\n  recoversWithinMs: 1\n  happens: [{ name: x, expression: sum(up) }]\n",
];
const SCENARIOS = [
  {
    ...{ name: "a", hypothesis: "It holds.", tags: ["mine"] },
    load: { rateRps: 40, venues: { binance: 3, btcturk: 1 } },
    timing: { steadyBeforeMs: 3_000, steadyAfterMs: 2_500 },
    faults: [
      {
        fault: { kind: "latency", link: "postgres", latencyMs: 300, jitterMs: 20 },
        afterMs: 0,
        forMs: 3_000,
      },
      { fault: { kind: "down", link: "binance-rest" }, afterMs: 100, forMs: 200, maxBites: 3 },
    ],
    expectation: {
      ...{
        fires: ["HttpErrorRateHigh"],
        mayFire: ["FeedStale"],
        recoversWithinMs: 5_000,
        answersWithinMs: 900,
      },
      ...{ firesAboveMsP95: 300, acceptsShare: 0.5, invariants: ["balances-agree"], mayBeEmpty: [] },
      happens: [{ name: "x", expression: "sum(up) > 0" }],
      holds: [{ name: "y", expression: "sum(up)", limit: { atMost: 2 }, quantity: "change" }],
    },
  },
  {
    ...{ name: "b", hypothesis: "Slow." },
    faults: [{ fault: { kind: "down", link: "api" }, forMs: 100 }],
    expectation: { recoversWithinMs: 1 },
  },
];
const FACTS = readRunFacts(DEFAULT_TIME_SCALE, "local");
const EXPRESSION_WORDS = [
  ..."(){}[]+-*/%.,:;?=<>!&|^~@#$`\"'".split(""),
  ..." and | or | in |function($x){|$map|$reduce|$match|/(a+)+$/|**|:=|..|$eval(|$pad(|$string(|$each|$sort|~>".split(
    "|",
  ),
  ..."trade.ref|$lookup|$$|%.|@$v|#$i|^(>a)|[0]|[-1]|[[1..9]]|$formatNumber(|$toMillis(|$now()|1e308".split(
    "|",
  ),
];
const EXPRESSIONS = [
  '$exists(positions) ? [positions.{ "symbol": symbol, "quantity": quantity }]',
  'type = "quote" ? { "venue": venue, "symbol": symbol, "bid": bid, "ask": ask }',
  "($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $f(9))",
  '$replace(symbol, /(U+)SDT$/, "-$1") & $join([1..9].$string(), ",")',
];
const INPUT = {
  ...{ symbol: "BTCUSDT", type: "quote", venue: "binance", bid: "1", ask: "2", id: 7, status: "LIVE" },
  positions: [{ symbol: "BTCUSDT", quantity: "1.5" }, { symbol: "ETHUSDT" }],
  trade: { ref: "x", state: "DONE", done: 0.5, tag: null },
};
const ANSWERS = [
  { id: "7", clientOrderId: "c", status: "FILLED", executedQuantity: "0.5", executedQuote: 3e3, error: null },
  { error: "risk_block", message: "x" },
  { positions: [{ symbol: "BTCUSDT", quantity: "0.1" }], accountId: "default" },
  { bid: "1.0", ask: 2, stalenessSeconds: 0.1 },
];
const ORDER = {
  ...({ venue: "binance", symbol: "BTCUSDT", side: "buy", type: "limit" } as const),
  ...{ quantity: "0.01000", price: "61837.64" },
};
const QUESTIONS: readonly Question[] = [
  { kind: "place", order: ORDER, key: "key-1", account: null },
  { kind: "query", placed: { id: "a/b c", key: "key-1", order: ORDER } },
  { kind: "positions", account: "default" },
  { kind: "quote", venue: "binance", symbol: "BTCUSDT" },
];

/** Files that users write about their platform and their scenarios, and what their platform answers. */
export function definitionTargets(folder: string): readonly FuzzTarget[] {
  const written = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const files = (
    name: string,
    inputs: fc.Arbitrary<string>,
    read: (text: string) => unknown,
  ): FuzzTarget => ({
    ...target(name, inputs, read),
    share: SHARES.files,
  });
  return [
    files("platform-yaml", textsNear(YAML_WORDS, [PLATFORM]), (text) =>
      readPlatformDefinition(written("input", text)),
    ),
    files("platform-shapes", shapesOf(PLATFORM_DATA), (text) =>
      readPlatformDefinition(written("input", text)),
    ),
    target("scenario", shapesOf(...SCENARIOS), (text) => completeScenario(jsonOf(text) as never)),
    target("scenario-file", textsNear(YAML_WORDS, SCENARIO_FILES), async (text) =>
      linesOf(await loadFile(written("scenario.yml", text), await FACTS)),
    ),
    target("scenario-shapes", shapesOf(...SCENARIOS), async (text) =>
      linesOf(await loadFile(written("scenario.yml", text), await FACTS)),
    ),
    target(
      "arrivals",
      textsNear(
        ["at_ms", ",rate_rps", "\n", ",", "1", "-1", "1e9", "#", "."],
        ["at_ms\n0\n1.5\n", "at_ms,rate_rps\n0,1\n9,5\n"],
      ),
      (text) => parseRecordedArrivals(text, "even", "arrivals.csv"),
    ),
    target(
      "contracts-result",
      shapesOf(
        {
          ...{ event: "verified", verdict: "fail", provider: "binance-spot", kept: ["a"] },
          notVerified: [{ interaction: "b", reason: "c" }],
          violations: [{ interaction: "d", field: "e", expected: "f", received: "g" }],
        },
        { event: "published", consumer: "spark", version: "1", providers: ["x"], notices: [] },
      ),
      readResult,
    ),
    target(
      "mapping-expression",
      textsNear(EXPRESSION_WORDS, EXPRESSIONS),
      (text) => compileExpression(text).evaluate(INPUT, { status: 200 }),
      (error) => error instanceof ExpressionError,
    ),
    target(
      "mapping-template",
      textsNear([...EXPRESSION_WORDS, "/v1/{", "}"], ["/v1/trades/{id}/{$lowercase(symbol)}", "{{}}"]),
      (text) => parseTemplate(text).fill(INPUT, encodeURIComponent),
      (error) => error instanceof ExpressionError,
    ),
    target("mapped-answer", mappedAnswers(), answerOf),
    target("quote-message", shapesOf(INPUT, { type: "pong", id: 1 }), quoteOf),
  ];
}

const DEFINITION = mappingOf(API_SCHEMA.parse(PLATFORM_DATA.api));
const mapped = new MappedApi(DEFINITION, {
  send: () => undefined,
  close: () => undefined,
});
const quotes = DEFINITION.quoteStream === null ? null : new QuoteMessages(DEFINITION.quoteStream, DEFINITION);

function mappingOf(definition: ApiDefinition): MappedApiDefinition {
  if (definition.driver === null) return definition;
  throw new TypeError("Expected Spark to be spoken to by a mapping, got a driver.");
}

function mappedAnswers(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(QUESTIONS.length - 1), fc.nat(700), shapesOf(...ANSWERS))
    .map((parts) => parts.join(" "));
}

async function answerOf(input: string): Promise<string> {
  const [which, status, ...rest] = input.split(" ");
  const question = QUESTIONS[Number(which)];
  if (question === undefined) return "";
  const request = await mapped.requestFor(question);
  const body = rest.join(" ");
  const result = { kind: "answered", status: Number(status), retryAfter: null, body } as const;
  const answer = await mapped.answerTo(question, request, result);
  return JSON.stringify(answer);
}

function quoteOf(text: string): unknown {
  parseAnswer(text, true);
  return quotes?.read(text);
}

const linesOf = ({ mistakes, warnings }: { mistakes: readonly string[]; warnings: readonly string[] }) =>
  [...mistakes, ...warnings].join("\n");

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
