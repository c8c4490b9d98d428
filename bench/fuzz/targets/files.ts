import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readResult } from "../../../contracts/contracts-result.ts";
import { readPlatformDefinition } from "../../../definition/platform-definition.ts";
import { compareFolder } from "../../../evidence/folder/compare-folder.ts";
import { readManifest } from "../../../evidence/folder/manifest.ts";
import { verifyJournal } from "../../../evidence/journal-verification.ts";
import { readRecord } from "../../../evidence/records/read-record.ts";
import { RUN_SCHEMA } from "../../../evidence/records/run-record.ts";
import { decodeDepth, decodeSnapshot, decodeTrade } from "../../../exchanges/market/tape/frame-codec.ts";
import { readTapeLine } from "../../../exchanges/market/tape/tape-line.ts";
import { completeScenario } from "../../../harness/experiment/scenario.ts";
import { parseRecordedArrivals } from "../../../load/recorded-arrivals.ts";
import { readRunFacts } from "../../../runs/read-run-facts.ts";
import { DEFAULT_TIME_SCALE } from "../../../runs/run-experiments.ts";
import { loadFile } from "../../../runs/selection/loaded-file.ts";
import { jsonNear, target, textsNear } from "../fuzz-target.ts";

const PLATFORM = readFileSync(new URL("../../../platform/platform.yml", import.meta.url), "utf8");
const TAPE = [
  '1723075200000000000 {"stream":"btcusdt@trade","data":{"e":"trade","p":"1.0","q":"2","t":1,"T":1,"m":true}}',
  '1723075200000000000 {"stream":"btcusdt@depth@100ms","data":{"U":1,"u":2,"b":[["1","2"]],"a":[]}}',
  '1723075200000000000 {"lastUpdateId":1,"bids":[["1","2"]],"asks":[]}',
];
const JOURNAL = ['{"seq":0,"previous":"0","at":"2026-01-01T00:00:00Z","event":"opened"}\n'];
const YAML_WORDS = [
  "\n",
  "  ",
  "- ",
  ": ",
  "&a ",
  "*a",
  "!!binary ",
  "<<: *a",
  "[",
  "{",
  "|",
  "\t",
  "#",
  "? ",
];
const SCENARIO_FILES = [
  "name: a\nhypothesis: b\nfaults:\n  - fault: &f { kind: down, link: postgres }\n    forMs: 3000\n  - fault: *f\n",
  "name: a\nhypothesis: b\nexpectation:\n  recoversWithinMs: 1\n  happens: [{ name: x, expression: sum(up) }]\n",
];
const FACTS = readRunFacts(DEFAULT_TIME_SCALE);
const JSON_WORDS = [...'{}[],:"'.split(""), "1", "null", "\n", '"a"'];
const SCENARIO = {
  name: ["x", ""],
  hypothesis: ["It holds."],
  load: [{ rateRps: 40 }, { rateRps: 1e9 }],
  faults: [[], [{ at: "1s", fault: { kind: "latency", link: "api", latencyMs: 5 } }]],
  phases: [{ warmup: "1s", fault: "2s" }],
  expect: [{}],
};

/** Files that users provide, and evidence that was changed. Parsers that take a path read from `folder`. */
export function fileTargets(folder: string) {
  const path = join(folder, "input");
  const written = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return [
    target("platform-yaml", textsNear(YAML_WORDS, [PLATFORM]), (text) =>
      readPlatformDefinition(written("input", text)),
    ),
    target(
      "record",
      textsNear(JSON_WORDS, [JSON.stringify({ schema: RUN_SCHEMA, verdict: "pass", scenarios: [] })]),
      (text) => readRecord(written("input", text)),
    ),
    target("journal", textsNear(JSON_WORDS, JOURNAL), (text) => verifyJournal(written("input", text))),
    target(
      "manifest",
      jsonNear({ schema: ["kanit.manifest/3"], files: [[], {}], others: [[]] }),
      async (text) => {
        written("manifest.json", text);
        const found = await readManifest(folder);
        return found.kind === "found" ? compareFolder(folder, found.manifest) : found;
      },
    ),
    target("scenario", jsonNear(SCENARIO), (text) => completeScenario(jsonOf(text) as never)),
    target("scenario-file", textsNear(YAML_WORDS, SCENARIO_FILES), async (text) =>
      loadFile(written("scenario.yml", text), await FACTS),
    ),
    target(
      "arrivals",
      textsNear(
        ["at_ms", ",rate_rps", "\n", ",", "1", "-1", "1e9", "#", "."],
        ["at_ms\n0\n1.5\n", "at_ms,rate_rps\n0,1\n9,5\n"],
      ),
      (text) => parseRecordedArrivals(text, "even", path),
    ),
    target("contracts-result", textsNear(JSON_WORDS, ['{"event":"contracts"}']), readResult),
    target("tape-line", textsNear([...JSON_WORDS, "@", "e9", "99999999999999999999"], TAPE), (text) => {
      const read = readTapeLine(Buffer.from(text), { source: path, lineNumber: 1 });
      if (read.kind === "snapshot") return decodeSnapshot(read.body);
      return read.frame.kind === "trade" ? decodeTrade(read.frame.data) : decodeDepth(read.frame.data);
    }),
  ];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
