import { expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { createRedaction } from "../evidence/index.ts";
import { CommandAnswer } from "./command-answer.ts";

it("an answer is JSON without secrets, wherever they are in it", () => {
  const secrets = SecretRegistry.of("hunter2-secret", 'a"b\\c-secret');
  const printed: string[] = [];
  const answer = new CommandAnswer((text) => printed.push(text), createRedaction(secrets));
  answer.begin("run");
  answer.add({ texts: ["hunter2-secret", 'a"b\\c-secret', "password=abc", 'x: "hunter2-', "secret"] });
  const error = { code: "broken", message: "got hunter2%2Dsecret", nextStep: "Wait.", lines: [] };
  answer.print({ verdict: "fail", exitCode: 1, error });
  expect(printed).toHaveLength(1);
  expect(JSON.parse(printed[0] ?? "")).toEqual({
    command: "run",
    verdict: "fail",
    exitCode: 1,
    error: { ...error, message: "got [redacted]" },
    result: { texts: ["[redacted]", "[redacted]", "password=[redacted]", 'x: "[redacted]', "secret"] },
  });
});
