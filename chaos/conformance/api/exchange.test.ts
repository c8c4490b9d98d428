import { describe, expect, it } from "vitest";
import { assertReply, json, patternFor, refusal } from "./exchange.ts";

const reply = (body: unknown) => ({ status: 200, contentType: "application/json", body });

describe("a reply", () => {
  it("fits its pattern when every field does, a text by its regular expression", () => {
    assertReply(reply([{ name: "a", why: "because" }]), json(200, [{ name: "a", why: /^bec/ }]));
  });

  it.each([
    ["a field that is not expected", { name: "a", more: 1 }, { name: "a" }],
    ["a field that is missing", { name: "a" }, { name: "a", more: 1 }],
    ["another value", { name: "a" }, { name: "b" }],
    ["a text that the expression does not fit", { name: "a" }, { name: /b/ }],
    ["a number where a text should be", { name: 1 }, { name: /1/ }],
    ["a longer list", ["a", "b"], ["a"]],
  ])("does not fit with %s", (_, body, pattern) => {
    expect(() => assertReply(reply(body), json(200, pattern))).toThrow(/deep-equal/);
  });

  it("must match ours where ours differs on purpose, and otherwise Toxiproxy's", () => {
    const exchange = { method: "GET", path: "/", reply: json(200, "theirs") };
    const differing = { ...exchange, ours: { reply: refusal(400, "ours"), why: "better" } };
    expect(patternFor("kanit", exchange).body).toBe("theirs");
    expect(patternFor("kanit", differing)).toMatchObject({ status: 400, contentType: "application/json" });
    expect(patternFor("toxiproxy", differing).body).toBe("theirs");
  });
});
