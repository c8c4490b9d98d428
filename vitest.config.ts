import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["node_modules/**", "reports/out/**"],
          // Many of these start real processes and measure what they do: one file at a time leaves them the machine.
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
