import { parseArgs } from "node:util";
import { benchFaultProxy } from "./fault-proxy/bench-fault-proxy.ts";
import { benchLab } from "./lab.ts";

/**
 * `npm run bench [-- lab | fault-proxy] [--rounds N]`: figures of this machine, and no judgement: machines differ, and
 * are shared.
 */
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "5" } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`expected --rounds of 1 or more, got ${values.rounds}`);
const benches = new Map([
  ["lab", benchLab],
  ["fault-proxy", () => benchFaultProxy(rounds)],
]);
for (const name of positionals.length === 0 ? benches.keys() : positionals) {
  const bench = benches.get(name);
  if (bench === undefined) throw new RangeError(`expected ${[...benches.keys()].join(" or ")}, got ${name}`);
  await bench();
}
