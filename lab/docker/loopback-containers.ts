import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { ToxiProxyContainer } from "@testcontainers/toxiproxy";
import { GenericContainer } from "testcontainers";
import { z } from "zod";

// testcontainers publishes ports on every interface of the machine, but only its user may reach a lab.
const HOST_IP = "127.0.0.1";
const bindings = z.record(z.string(), z.array(z.object({ HostPort: z.string() })));

function onLoopback(published: unknown) {
  const entries = Object.entries(bindings.parse(published ?? {}));
  return Object.fromEntries(
    entries.map(([port, [binding]]) => [port, [{ HostIp: HOST_IP, HostPort: binding?.HostPort ?? "0" }]]),
  );
}

/** Any container, its ports on loopback only. */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = onLoopback(this.hostConfig.PortBindings);
  }
}

/** Postgres, its port on loopback only. */
export class LoopbackPostgres extends PostgreSqlContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = onLoopback(this.hostConfig.PortBindings);
  }
}

/** Toxiproxy without the 32 ports that its module opens: the links have their own ports. */
export class LoopbackToxiproxy extends ToxiProxyContainer {
  constructor(image: string) {
    super(image);
    this.exposedPorts = [];
    this.createOpts.ExposedPorts = {};
    this.hostConfig.PortBindings = {};
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = onLoopback(this.hostConfig.PortBindings);
  }
}
