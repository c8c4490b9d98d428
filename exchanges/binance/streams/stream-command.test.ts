import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStreamCommand } from "./stream-command.ts";

const read = (message: unknown) => readStreamCommand(JSON.stringify(message));
const variants = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`";

describe("a stream command", () => {
  it.each([
    [{ method: "SUBSCRIBE", params: ["btcusdt@trade"], id: 1 }],
    [{ method: "UNSUBSCRIBE", params: [], id: "x".repeat(36) }],
    [{ method: "LIST_SUBSCRIPTIONS", id: -5 }],
    [{ method: "GET_PROPERTY", id: null }],
  ])("%j is understood", (command) => {
    const sent = command.method === "GET_PROPERTY" ? { ...command, params: ["combined"] } : command;
    expect(read(sent)).toEqual(command);
  });

  it("does not need an id", () => {
    expect(read({ method: "SET_PROPERTY", params: ["combined", false] })).toEqual({
      ...{ method: "SET_PROPERTY", isCombined: false, id: null },
    });
  });

  it.each<[unknown, number, string]>([
    [{ id: 1 }, 2, "Invalid request: missing field `method`"],
    [{ method: "SUBSCRIB" }, 2, `Invalid request: unknown variant \`SUBSCRIB\`, expected one of ${variants}`],
    [{ method: "SUBSCRIBE", id: 1.5 }, 2, "Invalid request: request ID must be an unsigned integer"],
    [
      { method: "SUBSCRIBE", id: "x".repeat(37) },
      2,
      "Invalid request: request ID must be an unsigned integer",
    ],
    [{ method: "SUBSCRIBE", params: "a" }, 2, "Invalid request: expected a list of stream names"],
    [{ method: "SET_PROPERTY", params: ["compressed", true] }, 0, "Unknown property"],
    [{ method: "SET_PROPERTY", params: ["combined", 1] }, 1, "Invalid value type: expected Boolean"],
    [{ method: "SET_PROPERTY", params: [1, true] }, 2, "Invalid request: property name must be a string"],
    [{ method: "GET_PROPERTY" }, 2, "Invalid request: property name must be a string"],
    [{ method: "GET_PROPERTY", params: ["combined", 1] }, 2, "Invalid request: too many parameters"],
    ["hello", 2, "Invalid request: missing field `method`"],
  ])("%j is answered with the venue's error", (message, code, msg) => {
    expect(read(message)).toMatchObject({ code, msg });
  });

  it("is answered with code 3 when it is not JSON", () => {
    expect(readStreamCommand("{")).toMatchObject({ code: 3, msg: expect.stringMatching(/^Invalid JSON: /) });
  });

  it("may be any text and any JSON: it is accepted or answered, and nothing is thrown", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((params) => `{"method":"SET_PROPERTY","params":${params}}`),
    );
    fc.assert(
      fc.property(text, (sent) => {
        const command = readStreamCommand(sent);
        expect("method" in command || typeof command.msg === "string").toBe(true);
      }),
    );
  });
});
