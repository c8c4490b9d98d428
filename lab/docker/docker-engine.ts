import { z } from "zod";
import { INSTALLATION } from "../../installation/index.ts";
import { runDocker } from "./docker-command.ts";

const DEADLINE_MS = 60_000;

/** The labels by which every process can find all parts of a lab. */
export const LAB_LABEL = "kanit.lab";
export const OWNER_LABEL = "kanit.owner";
export const SERVICE_LABEL = "kanit.service";

const inspected = z.array(
  z.object({
    Id: z.string(),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    State: z.object({ Running: z.boolean(), ExitCode: z.number() }),
    NetworkSettings: z.object({
      Networks: z.record(z.string(), z.unknown()),
      Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable()),
    }),
  }),
);

/** A container as the engine reports it. */
export interface ContainerState {
  readonly id: string;
  readonly service: string;
  readonly running: boolean;
  readonly exitCode: number;
  readonly networks: readonly string[];
  /** The port on the host's loopback, by the container's own port. */
  readonly ports: ReadonlyMap<number, number>;
}

/** The engine that `docker` uses. */
export class DockerEngine {
  readonly environment: Readonly<Record<string, string>>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.environment = environment;
  }

  /**
   * Runs `docker` with these arguments, which every user of the machine can read, and these variables besides its own.
   *
   * @throws UnavailableError as `runDocker` does.
   */
  run(
    args: readonly string[],
    signal: AbortSignal | null = null,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    return this.runLong(args, signal === null ? deadline : AbortSignal.any([signal, deadline]), variables);
  }

  /** Runs `docker` for as long as it takes. */
  runLong(
    args: readonly string[],
    signal: AbortSignal | null,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    return runDocker(["docker", ...args], {
      environment: { ...variables, ...this.environment },
      workingDirectory: INSTALLATION.directory,
      signal,
    });
  }

  /**
   * The version of the engine, if it answers.
   *
   * @throws UnavailableError when none does.
   */
  async version(signal: AbortSignal | null): Promise<string> {
    return (await this.run(["version", "--format", "{{.Server.Version}}"], signal)).trim();
  }

  /** The containers of a lab, by service. One-off containers have no service and are skipped. */
  async containersOf(labId: string): Promise<ReadonlyMap<string, ContainerState>> {
    const ids = await this.#list("container", `${LAB_LABEL}=${labId}`);
    if (ids.length === 0) return new Map();
    const found = inspected.parse(JSON.parse(await this.run(["container", "inspect", ...ids])));
    const states = found.map(stateOf).filter(({ service }) => service !== "");
    return new Map(states.map((state) => [state.service, state]));
  }

  /** The values of a label over all containers and networks, each once. */
  async labelValues(label: string): Promise<readonly string[]> {
    const format = `{{.Label "${label}"}}`;
    const [containers, networks] = await Promise.all([
      this.run(["container", "ls", "--all", "--filter", `label=${label}`, "--format", format]),
      this.run(["network", "ls", "--filter", `label=${label}`, "--format", format]),
    ]);
    return [...new Set(`${containers}\n${networks}`.split("\n").filter((line) => line !== ""))];
  }

  /**
   * Removes every container, network and volume with this value of the label. Returns how
   * many containers there were.
   */
  async removeLabeled(label: string, value: string): Promise<number> {
    const filter = `${label}=${value}`;
    const containers = await this.#list("container", filter);
    await Promise.all(containers.map((id) => this.#remove(["container", "rm", "--force", "--volumes", id])));
    for (const kind of ["network", "volume"] as const) {
      const ids = await this.#list(kind, filter);
      if (ids.length > 0) await this.#remove([kind, "rm", ...ids]);
    }
    return containers.length;
  }

  async #list(kind: "container" | "network" | "volume", label: string): Promise<readonly string[]> {
    const all = kind === "container" ? ["--all"] : [];
    const text = await this.run([kind, "ls", ...all, "--quiet", "--filter", `label=${label}`]);
    return text.split("\n").filter((line) => line !== "");
  }

  /** Something that another process removes at the same time counts as removed. */
  async #remove(args: readonly string[]): Promise<void> {
    try {
      await this.run(args);
    } catch (error) {
      if (!/no such (container|network|volume)|already in progress|not found/i.test(String(error)))
        throw error;
    }
  }
}

function stateOf({ Id, Config, State, NetworkSettings }: z.infer<typeof inspected>[number]): ContainerState {
  const ports = Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) => {
    const [binding] = bindings ?? [];
    return binding === undefined ? [] : [[Number.parseInt(port, 10), Number(binding.HostPort)] as const];
  });
  return {
    id: Id,
    service: Config.Labels[SERVICE_LABEL] ?? "",
    running: State.Running,
    exitCode: State.ExitCode,
    networks: Object.keys(NetworkSettings.Networks),
    ports: new Map(ports),
  };
}
