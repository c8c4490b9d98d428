import type { z } from "zod";
import { ANSWER_SCHEMA, answerFieldsOf, HELLO_SCHEMA, QUESTION_SCHEMA } from "./driver/driver-messages.ts";
import { inputOf, type OrderRequest, QUESTION_KINDS, type Question, type QuestionKind } from "./question.ts";

const PART = /(<!-- protocol -->\n)[\s\S]*(<!-- \/protocol -->)/;

/** `docs/driver.md`: its tables come from the schemas by which the messages are read. */
export function documentDriver(current: string): string {
  const part = [
    "The driver's first line, once:",
    messageTable(HELLO_SCHEMA.shape),
    "Each line of kanit's, a question:",
    messageTable(QUESTION_SCHEMA.shape),
    "Each further line of the driver's, an answer:",
    messageTable(ANSWER_SCHEMA.shape),
    "What each question is asked with, and what its answer may say:",
    questionTable(),
  ].join("\n\n");
  return current.replace(PART, (_, open: string, close: string) => `${open}${part}\n${close}`);
}

function messageTable(shape: Readonly<Record<string, z.ZodType>>): string {
  const rows = Object.entries(shape).map(
    ([name, schema]) =>
      `| \`${name}\` | ${schema.description ?? ""} | ${isOptional(schema) ? "no" : "yes"} |`,
  );
  return ["| key | meaning | required |", "|---|---|---|", ...rows].join("\n");
}

function isOptional(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}

function questionTable(): string {
  const rows = QUESTION_KINDS.map(
    (kind) =>
      `| \`${kind}\` | ${listed(Object.keys(inputOf(exampleOf(kind))))} | ${listed(answerFieldsOf(kind))} |`,
  );
  return ["| `ask` | `input` | `answer` |", "|---|---|---|", ...rows].join("\n");
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "–" : names.map((name) => `\`${name}\``).join(", ");
}

const ORDER: OrderRequest = {
  ...{ venue: "binance", symbol: "BTCUSDT", side: "buy", type: "limit" },
  ...{ quantity: "0.01", price: "60000" },
};

/** A question with everything that it can be asked with. */
function exampleOf(kind: QuestionKind): Question {
  switch (kind) {
    case "place":
      return { kind, order: ORDER, key: "key", account: "account" };
    case "query":
    case "cancel":
      return { kind, placed: { id: "id", key: "key", order: ORDER } };
    case "positions":
      return { kind, account: "account" };
    case "quote":
      return { kind, venue: "binance", symbol: "BTCUSDT" };
    case "stop-trading":
    case "resume-trading":
      return { kind };
  }
}
