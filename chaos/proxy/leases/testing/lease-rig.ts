import { LinkCollection } from "../../link-collection.ts";
import { until } from "../../test-rig.ts";
import { Toxic, type ToxicBody } from "../../toxic.ts";
import { TOXIC_TYPES } from "../../toxics/registry.ts";
import type { Lease } from "../lease.ts";
import type { LeaseEnd } from "../lease-book.ts";
import { ManualClock } from "./manual-clock.ts";

export const TTL_MS = 1_000;
/** The address that links connect to; no test uses a server there. */
export const HERE = "127.0.0.1:9";
export const ELSEWHERE = "127.0.0.1:10";

/** A toxic that delays all data. */
export function latency(name: string, latencyMs = 100): Toxic {
  return toxicOf("latency", name, { latency: latencyMs, jitter: 0 });
}

/** A toxic that closes the link's port. */
export function refusal(name: string): Toxic {
  return toxicOf("connect_refuse", name, {});
}

function toxicOf(typeName: string, name: string, attributes: Readonly<Record<string, number>>): Toxic {
  const type = TOXIC_TYPES.get(typeName);
  if (type === undefined) throw new Error(`there is no toxic ${typeName}`);
  return new Toxic(type, { name, stream: "downstream", toxicity: 1, attributes });
}

/** Links, one of them named `link`, and leases on a clock that the test advances. */
export class LeaseRig implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly ends: LeaseEnd[] = [];
  readonly links = new LinkCollection({
    seed: 1,
    clock: this.clock,
    onLeaseEnd: (end) => this.ends.push(end),
  });
  /** The address at which `link` listens. */
  listen = "";

  static async start(): Promise<LeaseRig> {
    const rig = new LeaseRig();
    rig.listen = await rig.create("link");
    return rig;
  }

  open(): Lease {
    return this.links.leases.open("test", TTL_MS);
  }

  /** Makes a link, and returns its address. */
  async create(name: string, lease: Lease | null = null): Promise<string> {
    const request = { name, listen: "127.0.0.1:0", upstream: HERE, enabled: true, toxics: [] };
    return (await this.links.create(request, lease)).listen;
  }

  toxics(): readonly ToxicBody[] {
    return this.links.get("link").toxics.toBodies();
  }

  toxicNames(): readonly string[] {
    return this.toxics().map(({ name }) => name);
  }

  async setEnabled(enabled: boolean, lease: Lease | null = null): Promise<void> {
    await this.links.update("link", { enabled }, lease);
  }

  isEnabled(): boolean {
    return this.links.get("link").enabled;
  }

  /** Lets the lease expire, and waits until its changes are undone. */
  async expire(lease: Lease): Promise<void> {
    this.clock.advance(lease.remainingMs);
    await until(() => this.ends.some((end) => end.lease === lease && end.problem === null));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.links.close();
  }
}
