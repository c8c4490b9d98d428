import { defineConfig } from "vitest/config";

const testsOf = (...folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.ts`);

/** Tests that start whole programs and labs, and mostly wait for them. */
const PROCESSES = [
  ...testsOf(
    "chaos/client",
    "chaos/conformance",
    "cli",
    "database",
    "harness",
    "lab",
    "project/package",
    "reports/html",
  ),
  "project/add-a-venue.test.ts",
];
/** Tests that measure: one file at a time leaves each the machine. */
const MEASURED = [
  ...testsOf(
    "gates/blast",
    "gates/blind-spots",
    "gates/canary/traffic",
    "gates/first-night",
    "gates/kill-switch",
    "gates/preflight",
    "gates/red-team",
    "gates/rollback",
    "gates/run-of-show",
    "gates/snapshot",
    "gates/target",
    "load",
  ),
  "runs/backpressure.scenario.ts",
  "runs/drills.scenario.ts",
  "runs/exports.scenario.ts",
];
/** Labs in containers. They skip themselves, and say why, where nobody has asked for them or no engine answers. */
const CONTAINERS = ["lab/docker/container-lab.test.ts"];
/** How long a test may take on a slow and busy machine. It only ends what hangs: no test measures by it. */
const PATIENCE_MS = 60_000;
const NOT_OURS = ["node_modules/**", "reports/out/**"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...NOT_OURS, ...PROCESSES, ...MEASURED],
          maxWorkers: 2,
          // Loading the modules again for each file would take most of the time.
          isolate: false,
          testTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: "processes",
          include: PROCESSES,
          exclude: [...NOT_OURS, ...CONTAINERS],
          maxWorkers: 2,
          testTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: "measured",
          include: MEASURED,
          exclude: NOT_OURS,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // A scenario brings up a whole lab and measures it: two at once would disturb each other.
        test: {
          name: "scenarios",
          include: ["runs/**/*.scenario.ts", "exchanges/**/*.scenario.ts"],
          exclude: MEASURED,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "containers",
          include: CONTAINERS,
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
});
