import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Answer, askOnce } from "../answer.ts";
import { API_SCHEMA, type DrivenApiDefinition } from "../api-definition.ts";
import type { OrderRequest, Question } from "../question.ts";
import { DrivenApi } from "./driven-api.ts";
import { DRIVER_INPUT_FILE, type DriverProgram } from "./driver-program.ts";

const ORDER: OrderRequest = {
  ...{ venue: "btcturk", symbol: "BTCUSDT", side: "buy", type: "limit" },
  ...{ quantity: "0.010", price: "100.5" },
};
const PLACE: Question = { kind: "place", order: ORDER, key: "k-1", account: null };
const QUOTE: Question = { kind: "quote", venue: "btcturk", symbol: "BTCUSDT" };
const HELLO = '{"protocol":1,"can":["place","query","quote"]}';
const LONG_MS = 20_000;

/** A driver written in JavaScript: `say` writes a line, and `asked` gets each question. */
function driverOf(body: string): readonly [string, ...string[]] {
  const say =
    'const say = (line) => process.stdout.write((typeof line === "string" ? line : JSON.stringify(line)) + "\\n");';
  const lines =
    'require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => asked(JSON.parse(line)));';
  return [process.execPath, "-e", `${say} let asked = () => undefined; ${body}; ${lines}`];
}

function definitionOf(command: readonly [string, ...string[]], more: object = {}): DrivenApiDefinition {
  const definition = API_SCHEMA.parse({ driver: { command: [...command], startsWithin: "2m" }, ...more });
  if (definition.driver === null) throw new TypeError("Expected a driver.");
  return definition;
}

/** Without a guard: the lab's tests have one. */
function programOf(definition: DrivenApiDefinition, more: Partial<DriverProgram> = {}): DriverProgram {
  return {
    command: ["/bin/sh", "-c", `exec "$@" <&${DRIVER_INPUT_FILE}`, "driver", ...definition.driver.command],
    environment: { PATH: "/usr/bin:/bin", KANIT_API_URL: "http://127.0.0.1:1" },
    workingDirectory: process.cwd(),
    logPath: null,
    secrets: [],
    ...more,
  };
}

function open(body: string, timeoutMs = LONG_MS, more: object = {}): Promise<DrivenApi> {
  const definition = definitionOf(driverOf(body), more);
  return DrivenApi.open(definition, programOf(definition), timeoutMs);
}

const ANSWERING = `say(${JSON.stringify(HELLO)});`;

describe("a driver's answer", () => {
  const answerTo = async (answer: string, question: Question = PLACE, more: object = {}): Promise<Answer> => {
    await using api = await open(
      `${ANSWERING} asked = ({ id, ask, input }) => say(${answer})`,
      LONG_MS,
      more,
    );
    return await askOnce(api, question);
  };

  it("says that it was done, with what the platform said, in the definition's words", async () => {
    const said =
      '{ id, outcome: "ok", answer: { id: input.key + "!", status: "LIVE", executedQuantity: "0" } }';
    expect(await answerTo(said, PLACE, { statuses: { open: ["LIVE"] } })).toEqual({
      outcome: "succeeded",
      httpStatus: null,
      error: null,
      again: { kind: "no" },
      said: { id: "k-1!", status: "open", executedQuantity: "0" },
      unreadable: null,
      sent: { method: "driver", path: "place" },
    });
  });

  it("says that it was refused, by the field's word for it, and is then not asked again", async () => {
    const said = '{ id, outcome: "refused", answer: { error: "TOO_BIG" } }';
    expect(await answerTo(said, PLACE, { errors: { risk_block: ["TOO_BIG"] } })).toMatchObject({
      ...{ outcome: "rejected", error: "risk_block", again: { kind: "no" } },
    });
  });

  it("may be that nothing is known, and when it may be asked again", async () => {
    expect(await answerTo('{ id, outcome: "unknown", retryAfterMs: 7 }')).toMatchObject({
      ...{ outcome: "unknown", error: "unknown", again: { kind: "allowed", afterMs: 7 }, unreadable: null },
    });
  });

  it.each([
    [
      "of an unknown outcome",
      '{ id, outcome: "done" }',
      "outcome: expected one of ok, refused, failed, unknown",
    ],
    ["without an outcome", "{ id }", "outcome: expected"],
    [
      "with a name misspelled",
      '{ id, outcome: "ok", answer: { clientOrderID: "x" } }',
      "did you mean clientOrderId",
    ],
    ["with another key", '{ id, outcome: "ok", status: "filled" }', "status"],
  ])("is unknown, by the driver's fault, when it is malformed: %s", async (_, answer, why) => {
    const { outcome, error, again, unreadable } = await answerTo(answer);
    expect({ outcome, error, again }).toEqual({
      ...{ outcome: "unknown", error: "answer-malformed", again: { kind: "no" } },
    });
    expect(unreadable).toContain(why);
  });

  it("belongs to its question, whatever the order of the answers", async () => {
    const held =
      "const held = []; asked = (q) => { held.push(q); if (held.length === 3) for (const { id, input } of held.reverse()) say({ id, outcome: 'ok', answer: { id: input.key } }) }";
    await using api = await open(`${ANSWERING} ${held}`);
    const keys = ["a", "b", "c"];
    const answers = await Promise.all(keys.map((key) => askOnce(api, { ...PLACE, key })));
    expect(answers.map(({ said }) => said.id)).toEqual(keys);
  });

  it("is unknown when it does not come in time, and a late one is ignored", async () => {
    const late =
      "let first; asked = (q) => { if (first === undefined) first = q; else { if (first) say({ id: first.id, outcome: 'ok' }); first = null; say({ id: q.id, outcome: 'refused' }) } }";
    await using api = await open(`${ANSWERING} ${late}`, 300);
    expect(await askOnce(api, PLACE)).toMatchObject({
      outcome: "unknown",
      error: "timeout",
      unreadable: null,
    });
    // On a busy machine the answers to these may be late as well.
    await expect.poll(async () => (await askOnce(api, PLACE)).outcome, { timeout: 15_000 }).toBe("rejected");
  });
});

describe("a driver that", () => {
  it.each([
    [
      "writes no JSON",
      "say('placed one')",
      'wrote a line that is no JSON to its standard output: "placed one"',
    ],
    [
      "answers twice",
      "{ say({ id: q.id, outcome: 'unknown' }); say({ id: q.id, outcome: 'ok' }) }",
      "answered question 1 twice",
    ],
    ["answers what was not asked", "say({ id: 99, outcome: 'ok' })", "answered what was not asked"],
    [
      "writes a line without an end",
      "setInterval(() => process.stdout.write('x'.repeat(1 << 20)), 1)",
      "wrote a line of more than",
    ],
    [
      "floods its standard error",
      "setInterval(() => process.stderr.write('x'.repeat(1 << 20)), 1)",
      "wrote more than 16 MiB to its standard error",
    ],
    [
      "ends",
      "{ console.error('no such exchange'); process.exitCode = 3; process.stdin.destroy() }",
      "ended with exit code 3; its last output: no such exchange",
    ],
  ])("%s leaves what it was asked unknown, and is not asked again", async (_, act, why) => {
    await using api = await open(`${ANSWERING} asked = (q) => ${act}`);
    // The one that answers twice answers the first of them.
    const answers = await Promise.all([askOnce(api, PLACE), askOnce(api, QUOTE)]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
    expect(answers.at(-1)?.unreadable).toContain(`the driver ${why}`);
    expect(await askOnce(api, PLACE)).toMatchObject({ outcome: "failed", error: "driver-ended" });
  });

  it("answers from a closed program end as unknown", async () => {
    const api = await open(ANSWERING);
    const answer = askOnce(api, PLACE);
    await api.close();
    expect(await answer).toMatchObject({ outcome: "unknown", error: "stopped", unreadable: null });
  });

  it.each([
    [
      "does not exist",
      ["/no/such/driver"],
      /ended with exit code 12\d; its last output: .*\/no\/such\/driver/,
    ],
    ["says nothing", driverOf(""), /wrote no line within 0\.5 s/],
    ["ends before", driverOf("process.exit(0)"), /ended with exit code 0/],
    [
      "speaks another protocol",
      driverOf('say({ protocol: 2, can: ["place", "query"] })'),
      /protocol: expected "1", got 2\./,
    ],
    ["cannot place", driverOf('say({ protocol: 1, can: ["query"] })'), /can: expected place and query/],
    [
      "can do the unknown",
      driverOf('say({ protocol: 1, can: ["place", "query", "quotes"] })'),
      /did you mean quote\?/,
    ],
  ])("%s is not ready, in one line", async (_, command, why) => {
    const startsWithin = why.source.includes("0\\.5") ? "500ms" : "2m";
    const definition = API_SCHEMA.parse({ driver: { command: [...command], startsWithin } });
    if (definition.driver === null) throw new TypeError("Expected a driver.");
    const opening = DrivenApi.open(definition, programOf(definition), LONG_MS);
    await expect(opening).rejects.toMatchObject({ code: "driver-not-ready", exitCode: 69 });
    await expect(opening).rejects.toThrow(why);
    await expect(opening).rejects.not.toThrow(/\n/);
  });
});

describe("a driver's standard error", () => {
  it("is kept without secrets", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kanit-driver-"));
    const logPath = join(folder, "driver.log");
    const definition = definitionOf(driverOf(`console.error("key is opensesame"); ${ANSWERING}`));
    const api = await DrivenApi.open(
      definition,
      programOf(definition, { logPath, secrets: ["opensesame"] }),
      LONG_MS,
    );
    await api.close();
    expect(await readFile(logPath, "utf8")).toBe("key is [redacted]\n");
    await rm(folder, { recursive: true });
  });
});

describe("a definition with a driver", () => {
  it.each([
    [{ driver: { command: [] } }, "command"],
    [{ driver: { command: ["x"], startsWithin: "soon" } }, "startsWithin"],
    [{ driver: { command: ["x"] }, place: { path: "/x" } }, "place"],
    [{ driver: { command: ["x"] }, refusals: [422] }, "refusals"],
    [{}, "place"],
  ])("is refused when it is not whole, or says what the driver does: %j", (written, where) => {
    const parsed = API_SCHEMA.safeParse(written);
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual(
      expect.arrayContaining([expect.stringContaining(where)]),
    );
  });
});
