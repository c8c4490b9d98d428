/**
 * Layers: a room may import the rooms that project/rooms.json names for it and nothing else of ours, and only through
 * their index.ts. docs/architecture.md says what lives where; a test compares the two.
 */
const ARROWS = require("./project/rooms.json");
const ROOMS = Object.keys(ARROWS);
const TESTS = "\\.test\\.ts$";

const arrowRules = ROOMS.map((room) => {
  const forbidden = ROOMS.filter((other) => other !== room && !ARROWS[room].includes(other));
  return {
    name: `${room}-imports`,
    comment: `${room}/ may import ${ARROWS[room].join(", ") || "nothing of ours"}.`,
    severity: "error",
    from: { path: `^${room}/` },
    to: { path: `^(${[...forbidden, "project", "bench"].join("|")})/` },
  };
});

module.exports = {
  forbidden: [
    ...arrowRules,
    {
      name: "only-through-index",
      comment: "A room is entered through its index.ts, so that what it offers is written in one place.",
      severity: "error",
      // A fuzz run tries the readers themselves, and a simulation the judge of a canary, which no room offers. The
      // doorway's image has no packages, which the whole of a room would load.
      from: { path: "^([^/]+)/", pathNot: ["^bench/(?:canary|fuzz|kills)/", "^docker/", TESTS] },
      to: { path: `^(${ROOMS.join("|")})/`, pathNot: ["^$1/", "^[^/]+/index\\.ts$"] },
    },
    {
      name: "tests-only-through-index",
      comment: "A test may also use what other rooms have for their tests, which no index.ts offers.",
      severity: "error",
      from: { path: `^([^/]+)/.*${TESTS}`, pathNot: ["^bench/(?:canary|fuzz|kills)/", "^docker/"] },
      to: { path: `^(${ROOMS.join("|")})/`, pathNot: ["^$1/", "^[^/]+/index\\.ts$", "^[^/]+/testing/"] },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-test-imports",
      comment: "Code never imports a test.",
      severity: "error",
      from: {},
      to: { path: "\\.(test|scenario)\\.ts$" },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: ["^k6", "^vitest/config$"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|dist|reports/out)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], extensions: [".ts", ".mjs", ".js", ".json"], conditionNames: ["import", "node", "default", "types"] },
  },
};
