/**
 * The rooms and their import arrows (docs/architecture.md has the table in words). A room may import the
 * rooms named here and nothing else of ours, and only through their index.ts.
 */
const ARROWS = {
  core: [],
  venues: [],
  network: ["core"],
  platform: [],
  exchanges: ["core", "venues", "network"],
  chaos: ["core", "venues", "network"],
  load: ["core", "venues", "network"],
  signals: ["core", "network"],
  evidence: ["core"],
  lab: ["core", "venues", "network", "chaos"],
  contracts: ["core", "network", "exchanges", "platform"],
  harness: ["core", "venues", "network", "chaos", "load", "signals", "evidence", "lab"],
  gates: ["core", "network", "load", "signals", "evidence", "lab"],
  scenarios: ["core", "platform", "chaos", "signals", "evidence", "lab", "harness"],
  runs: ["core", "chaos", "load", "signals", "evidence", "lab", "harness", "scenarios", "reports"],
  reports: ["core", "evidence"],
  cli: [
    "core",
    "venues",
    "network",
    "chaos",
    "load",
    "signals",
    "evidence",
    "lab",
    "contracts",
    "harness",
    "gates",
    "scenarios",
    "runs",
    "reports",
  ],
};
const ROOMS = Object.keys(ARROWS);

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
      from: { path: "^([^/]+)/" },
      to: { path: `^(${ROOMS.join("|")})/`, pathNot: ["^$1/", "^[^/]+/index\\.ts$"] },
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
    exclude: { path: "^(node_modules|reports/out)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], extensions: [".ts", ".mjs", ".js", ".json"], conditionNames: ["import", "node", "default", "types"] },
  },
};
