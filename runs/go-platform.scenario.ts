import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { failedChecks, runOnExample, shortened } from "./testing/foreign-platform.ts";

const FOLDER = new URL("../examples/go-platform", import.meta.url).pathname;
const IS_BUILT = existsSync(join(FOLDER, "bin/driver"));

/**
 * A platform that shares nothing with Spark and is spoken to by a driver; it trades at BTCTurk alone.
 * `examples/go-platform/defects.sh` plants each of its defects; here two share a run.
 */
describe.skipIf(!IS_BUILT)(
  "a platform behind a driver (skipped where examples/go-platform/build.sh was not run)",
  () => {
    it("is found sound, and what it lacks is listed and not judged", async () => {
      const steadyState = shortened("steady-state", 2_500);
      const { scenarios, notApplicable } = await runOnExample(FOLDER, [steadyState]);
      const [only] = scenarios;
      // What is true on a machine that others use too; how soon the platform answers is not.
      const books = (only?.checks ?? []).filter(({ kind }) => kind === "invariant");
      expect(
        failedChecks(only).filter((name) => books.some((book) => book.name === name)),
        only?.command,
      ).toEqual([]);
      expect(books.filter(({ verdict }) => verdict === "pass").length, only?.command).toBeGreaterThan(7);
      expect(notApplicable).toEqual([]);
      expect(only?.notApplicable).toContainEqual({ what: "BistFeedStaleAbsent", needs: "BIST" });
    });

    it("is caught sending orders twice and losing what one booking adds to another", async () => {
      const BOURSE_DEFECT = "retry-new-key,lost-update";
      const { scenarios } = await runOnExample(FOLDER, [shortened("btcturk-ack-lost", 1_000)], {
        BOURSE_DEFECT,
      });
      expect(failedChecks(scenarios[0])).toEqual(
        expect.arrayContaining(["no-duplicate-orders", "positions-agree"]),
      );
    });
  },
);
