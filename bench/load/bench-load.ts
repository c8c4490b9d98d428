import { constants, cpus, release, setPriority } from "node:os";
import { startReferenceServer } from "../../load/index.ts";
import { installK6 } from "../../project/k6.ts";
import { median } from "../median.ts";
import { measureRate, measureStall, type RateFigures } from "./measure.ts";
import { AUTOCANNON, KANIT, k6Tool, type Tool } from "./tool.ts";

const RATES_RPS = [500, 1_000, 2_000, 4_000, 8_000];
const MAX_LAG_MS = 1;
/** Below this share of the rate, a tool counts as not reaching it. */
const MADE_SHARE = 0.99;

/**
 * Compares the generator with k6 and autocannon, on the same server, which records when each request arrived.
 * The tools alternate within one run, so that other load affects them alike.
 */
export async function benchLoad(rounds: number): Promise<void> {
  const k6 = await installK6();
  if ("missing" in k6) console.log(`k6 is not measured: ${k6.missing}`);
  const tools: readonly Tool[] = [KANIT, ...("missing" in k6 ? [] : [k6Tool(k6.path)]), AUTOCANNON];
  // The tools have a higher priority; the process that watches them must not be slower.
  if (process.getuid?.() === 0) setPriority(constants.priority.PRIORITY_HIGHEST);
  await using server = await startReferenceServer();
  const rates = new Map<string, RateFigures[]>();
  const stalls = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const rateRps of RATES_RPS) {
      for (const tool of tools) {
        add(rates, `${tool.name} ${rateRps}`, await measureRate(tool, server, rateRps));
      }
    }
    for (const tool of tools) add(stalls, tool.name, await measureStall(tool, server));
  }
  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}`);
  console.log(`medians of ${rounds} rounds; the lag is what the server saw, behind the schedule of the rate`);
  console.log(`${"".padEnd(34)}${tools.map(({ name }) => name.padStart(14)).join("")}`);
  const row = (title: string, cell: (tool: Tool) => string) =>
    console.log(`${title.padEnd(34)}${tools.map((tool) => cell(tool).padStart(14)).join("")}`);
  const at = (tool: Tool, rateRps: number) => rates.get(`${tool.name} ${rateRps}`) ?? [];
  for (const rateRps of RATES_RPS) {
    row(`lag P99 at ${rateRps}/s (ms)`, (tool) =>
      rangeText(at(tool, rateRps).map(({ lagMsP99 }) => lagMsP99)),
    );
  }
  for (const rateRps of RATES_RPS) {
    row(`CPU per request at ${rateRps}/s (µs)`, (tool) =>
      rangeText(at(tool, rateRps).map(({ cpuUsPerRequest }) => cpuUsPerRequest)),
    );
  }
  row(`highest rate held (lag < ${MAX_LAG_MS} ms)`, (tool) => String(highestHeld(tool, at) ?? "none"));
  row(
    "percentile error under the stall",
    (tool) => `${(median(stalls.get(tool.name) ?? []) * 100).toFixed(2)} %`,
  );
}

function highestHeld(tool: Tool, at: (tool: Tool, rateRps: number) => readonly RateFigures[]) {
  return RATES_RPS.findLast((rateRps) => {
    const figures = at(tool, rateRps);
    const made = median(figures.map(({ madeShare }) => madeShare));
    return made >= MADE_SHARE && median(figures.map(({ lagMsP99 }) => lagMsP99)) < MAX_LAG_MS;
  });
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

function rangeText(values: readonly number[]): string {
  return median(values).toFixed(2);
}
