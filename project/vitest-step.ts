import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { PROJECT_DIRECTORY, TEST_RESULTS_DIRECTORY } from "./directories.ts";
import type { Step } from "./step.ts";
import { ordinaryCircumstances } from "./step-circumstances.ts";

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** One project of vitest.config.ts as a step, with the number of its tests. */
export function vitestStep(project: string, circumstances = ordinaryCircumstances): Step {
  const report = join(TEST_RESULTS_DIRECTORY, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
  return {
    name: project,
    circumstances,
    command: ["vitest", "run", "--project", project, ...reporters],
    count: async (exitCode) => {
      if (!existsSync(report))
        return { passed: 0, failed: 1, skipped: 0, failures: ["no report was written"] };
      const parsed = vitestReport.parse(JSON.parse(await readFile(report, "utf8")));
      // A file that cannot be loaded has no failed test, but still fails the run.
      const failed = exitCode !== 0 && parsed.numFailedTests === 0 ? 1 : parsed.numFailedTests;
      return {
        passed: parsed.numPassedTests,
        failed,
        skipped: parsed.numPendingTests + parsed.numTodoTests,
        failures: failuresIn(parsed),
      };
    },
  };
}

function failuresIn(report: z.infer<typeof vitestReport>): string[] {
  return report.testResults.flatMap((file) => {
    const path = relative(PROJECT_DIRECTORY, file.name);
    const tests = file.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${path} > ${fullName}\n${(failureMessages ?? []).join("\n")}`);
    return tests.length === 0 && file.status === "failed" ? [`${path}\n${file.message}`] : tests;
  });
}
