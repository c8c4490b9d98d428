import { parseArgs } from "node:util";
import { benchCanary } from "./canary/bench-canary.ts";
import { benchEqualArms } from "./canary/bench-equal-arms.ts";
import { benchDetection } from "./canary/detection/bench-detection.ts";
import { benchExchanges } from "./exchanges/bench-exchanges.ts";
import { benchFaultProxy } from "./fault-proxy/bench-fault-proxy.ts";
import { benchLab } from "./lab.ts";
import { benchLoad } from "./load/bench-load.ts";
import { benchRuntimes } from "./runtimes.ts";
import { benchSignals } from "./signals/bench-signals.ts";
import { benchToxics } from "./toxics/bench-toxics.ts";

/**
 * `npm run bench [-- NAME …] [--rounds N] [--only TOXIC|DEFECT]`: prints figures of this machine without
 * judging them, since machines differ and are shared. The names are the keys of `benches` below;
 * without one, all of them.
 */
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`expected --rounds of 1 or more, got ${values.rounds}`);
const benches = new Map([
  ["lab", benchLab],
  ["canary", async () => benchCanary(rounds, values.only)],
  ["equal-arms", () => benchEqualArms(rounds)],
  ["detection", () => benchDetection(values.only)],
  ["exchanges", () => benchExchanges(rounds)],
  ["fault-proxy", () => benchFaultProxy(rounds)],
  ["load", () => benchLoad(rounds)],
  ["runtimes", () => benchRuntimes(rounds)],
  ["toxics", () => benchToxics(values.only)],
  ["signals", () => benchSignals(rounds)],
]);
for (const name of positionals.length === 0 ? benches.keys() : positionals) {
  const bench = benches.get(name);
  if (bench === undefined) throw new RangeError(`expected ${[...benches.keys()].join(" or ")}, got ${name}`);
  await bench();
}
