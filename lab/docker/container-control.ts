import { type Hold, hold } from "../powers/hold.ts";
import type { ProcessControl } from "../powers/process-powers.ts";
import type { ContainerContext } from "./container-context.ts";

const PAUSE = 'docker pause "$@" >/dev/null';
const RESUME = 'docker unpause "$@" >/dev/null';

/** The containers of a lab: paused, killed and measured by the engine (`docker pause`, `kill`, `stats`). */
export function containerControl(
  context: ContainerContext,
  restarts: ProcessControl["restarts"],
): ProcessControl {
  const { processes, engine, logDirectory, options } = context;
  const serviceOf = (name: string) => (name === options.platform.name ? "spark" : name);
  const containerOf = async (name: string) => {
    const container = (await engine.containersOf(context.id)).get(serviceOf(name));
    if (container === undefined) throw new TypeError(`Expected a container for ${name}, got none.`);
    return container.id;
  };
  return {
    names: () => processes.names(),
    platform: options.platform.name,
    hold: async (name, durationMs): Promise<Hold> => {
      const targets = [await containerOf(name)];
      const commands = { pause: PAUSE, resume: RESUME, targets, environment: engine.environment };
      return hold(processes, commands, { name, logDirectory, durationMs });
    },
    kill: async (name) => {
      const container = await containerOf(name);
      // It follows the container's log to the end, and ends with it.
      const followed = processes.running(name)?.exited();
      await engine.run(["kill", container]);
      await followed;
    },
    restarts,
    clock: null,
    readCpu: () => readCpu(context, serviceOf),
    // The processes are the engine's, which may run on another machine.
    readStopped: async () => [],
    stopping: processes.stopping,
  };
}

async function readCpu(
  { processes, engine, id }: ContainerContext,
  serviceOf: (name: string) => string,
): Promise<ReadonlyMap<string, number>> {
  const containers = await engine.containersOf(id);
  const nameById = new Map(
    processes.names().flatMap((name) => {
      const container = containers.get(serviceOf(name));
      return container === undefined ? [] : [[container.id, name] as const];
    }),
  );
  const format = ["--no-stream", "--no-trunc", "--format", "{{.ID}} {{.CPUPerc}}"];
  const text = await engine.run(["stats", ...format, ...nameById.keys()]);
  return parseStats(text, nameById);
}

/** Parses lines such as `4f2a… 12.34%`; a container that has just ended has `--` in place of the number. */
export function parseStats(text: string, nameById: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const readings = [...text.matchAll(/^(\S+) ([\d.]+)%$/gm)];
  return new Map(
    readings.flatMap(([, id = "", percent]) => {
      const name = nameById.get(id);
      return name === undefined ? [] : [[name, Number(percent) / 100] as const];
    }),
  );
}
