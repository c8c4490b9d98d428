import { defineConfig } from "vitest/config";

/** Tests that start whole programs and labs, and wait on or measure what those do. */
const PROCESSES = [
  "chaos/client",
  "chaos/conformance",
  "cli",
  "gates",
  "harness",
  "lab",
  "load",
  "reports/html",
].map((folder) => `${folder}/**/*.test.ts`);
const NOT_OURS = ["node_modules/**", "reports/out/**"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...NOT_OURS, ...PROCESSES],
          maxWorkers: 2,
          testTimeout: 20_000,
        },
      },
      {
        // One file at a time leaves each the machine.
        test: {
          name: "processes",
          include: PROCESSES,
          exclude: NOT_OURS,
          fileParallelism: false,
          testTimeout: 20_000,
        },
      },
      {
        // A scenario brings up a whole lab and measures it: two at once would disturb each other.
        test: {
          name: "scenarios",
          include: ["scenarios/**/*.scenario.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
