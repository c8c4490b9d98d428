import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { askOnce } from "../../../api/answer.ts";
import { API_SCHEMA, type DrivenApiDefinition } from "../../../api/api-definition.ts";
import { DrivenApi } from "../../../api/driver/driven-api.ts";
import { DRIVER_INPUT_FILE } from "../../../api/driver/driver-program.ts";
import type { OrderRequest, Question } from "../../../api/question.ts";
import { type FuzzTarget, SHARES, slowTarget, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const ORDER: OrderRequest = {
  ...{ venue: "btcturk", symbol: "BTCUSDT", side: "buy", type: "limit" },
  ...{ quantity: "0.01", price: "100.5" },
};
const QUESTIONS: readonly Question[] = [
  { kind: "place", order: ORDER, key: "k-1", account: null },
  { kind: "query", placed: { id: "1", key: "k-1", order: ORDER } },
  { kind: "quote", venue: "btcturk", symbol: "BTCUSDT" },
];
const HELLO = { protocol: 1, can: ["place", "query", "quote"] };
const ANSWERS = [
  { id: 1, outcome: "ok", answer: { id: "1", status: "LIVE", executedQuantity: "0" }, retryAfterMs: 0 },
  { id: 2, outcome: "failed", answer: { error: "rate_limit" }, retryAfterMs: 5 },
  { id: 3, outcome: "ok", answer: { bid: "1", ask: "2" } },
];
const WORDS = [...'{}[],:"'.split(""), "\n", "\r\n", "1", "null", '{"id":1,"outcome":"ok"}', "\0", "\ufeff"];
/** Writes its first line, waits for a question, writes the others, and stays until its input ends. */
const SCRIPT = `exec <&${DRIVER_INPUT_FILE}; head -n 1 "$0"; read question; tail -n +2 "$0"; exec cat >/dev/null`;
/** Of an answer that a driver does not give. */
const TIMEOUT_MS = 200;

/** What the driver of a platform writes. */
export function driverTargets(folder: string): readonly FuzzTarget[] {
  const lines = (hello: fc.Arbitrary<string>, answers: readonly fc.Arbitrary<string>[]) =>
    fc.tuple(hello, ...answers).map((texts) => `${texts.join("\n")}\n`);
  const sound = ANSWERS.map((answer) => fc.constant(JSON.stringify(answer)));
  const first = fc.constant(JSON.stringify(HELLO));
  const texts = textsNear(WORDS, [`${ANSWERS.map((each) => JSON.stringify(each)).join("\n")}\n`]);
  const inputs = fc.oneof(
    { weight: 2, arbitrary: lines(shapesOf(HELLO), sound) },
    {
      weight: 6,
      arbitrary: lines(
        first,
        ANSWERS.map((answer) => shapesOf(answer)),
      ),
    },
    { weight: 2, arbitrary: lines(first, [texts]) },
  );
  return [
    slowTarget("driver-lines", SHARES.processes, inputs, async () => ({
      read: (text) => askDriver(folder, text),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    })),
  ];
}

async function askDriver(folder: string, text: string): Promise<string> {
  const path = join(folder, "driver-lines.txt");
  writeFileSync(path, text);
  const command = ["/bin/sh", "-c", SCRIPT, path] as const;
  const definition = API_SCHEMA.parse({ driver: { command: [...command], startsWithin: "10s" } });
  await using api = await DrivenApi.open(
    definition as DrivenApiDefinition,
    {
      ...{
        command,
        environment: { PATH: "/usr/bin:/bin" },
        workingDirectory: folder,
        logPath: null,
        secrets: [],
      },
    },
    TIMEOUT_MS,
  );
  const answers = await Promise.all(
    QUESTIONS.filter(({ kind }) => api.questions.has(kind)).map((question) => askOnce(api, question)),
  );
  return JSON.stringify(answers, null, 1);
}
