import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["node_modules/**", "reports/out/**"],
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
