import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { DIALOGUES } from "./api/dialogues.ts";
import { ask } from "./api/exchange.ts";
import { DIFFERENCES_PATH, renderDifferences, WRITE_COMMAND } from "./differences.ts";
import { kanit } from "./engines/kanit-engine.ts";
import { findToxiproxy } from "./engines/toxiproxy-engine.ts";
import type { Observation } from "./improvements/improvement.ts";
import { IMPROVEMENTS, observeAll } from "./improvements/improvements.ts";

const OBSERVING_TIMEOUT_MS = 90_000;
const toxiproxy = await findToxiproxy();

describe("what ours does better than Toxiproxy", () => {
  let ours: readonly Observation[];
  beforeAll(async () => {
    ours = await observeAll(kanit);
  }, OBSERVING_TIMEOUT_MS);

  it.each(IMPROVEMENTS.map(({ statement }, index) => ({ statement, index })))("$statement", ({ index }) => {
    expect(ours[index]).toMatchObject({ holds: true });
  });

  it(
    `is recorded in ${DIFFERENCES_PATH} with the current behavior of both engines`,
    async ({ skip }) => {
      if (toxiproxy.kind === "missing") return skip(toxiproxy.why);
      const theirs = await observeAll(toxiproxy.engine);
      const path = fileURLToPath(new URL(`../../${DIFFERENCES_PATH}`, import.meta.url));
      const written = await readFile(path, "utf8");
      expect(written, `write it anew: ${WRITE_COMMAND}`).toBe(
        renderDifferences({ kanit: ours, toxiproxy: theirs }),
      );
    },
    OBSERVING_TIMEOUT_MS,
  );
});

describe("where no difference is intended", () => {
  it(
    "both engines give equal answers, field by field",
    async ({ skip }) => {
      if (toxiproxy.kind === "missing") return skip(toxiproxy.why);
      for (const { exchanges } of DIALOGUES) {
        await using ours = await kanit.start();
        await using theirs = await toxiproxy.engine.start();
        for (const exchange of exchanges) {
          const [our, their] = await Promise.all([ask(ours, exchange), ask(theirs, exchange)]);
          const { method, path, body } = exchange;
          const asked = `${method} ${path} ${body ?? ""}`;
          if (exchange.ours !== undefined) expect(our, `${asked} is no difference`).not.toEqual(their);
          // The content type of errors differs everywhere, on purpose; it has a row of its own.
          else if (our.status < 400) expect(our, asked).toEqual(their);
          else expect({ ...our, contentType: "" }, asked).toEqual({ ...their, contentType: "" });
        }
      }
    },
    OBSERVING_TIMEOUT_MS,
  );
});
