import { FaultProxyError } from "../client/deadline-http-client.ts";
import type { FaultProxyClient, Stream } from "../client/fault-proxy-client.ts";
import type { FaultAttribute, FaultBite, FaultKind, Injection } from "./fault-kind.ts";

/** What every fault that is a toxic on a link has. */
export interface ToxicFault {
  readonly kind: string;
  readonly link: string;
  readonly stream: Stream;
  readonly toxicity: number;
}

/** A kind of fault that is one toxic. */
export interface ToxicFaultKind<F extends ToxicFault> {
  readonly kind: F["kind"];
  readonly toxicType: string;
  readonly summary: string;
  readonly attributes: readonly (FaultAttribute & { readonly toxicName: string })[];
  readonly schema: FaultKind<F>["schema"];
  /** What it does, without the where: `latency of 300 ms ± 20 ms`. */
  effect(fault: F): string;
  /** Its attributes in Toxiproxy's names and units. */
  toxicAttributes(fault: F): Readonly<Record<string, number>>;
}

/** Makes a fault of a toxic: injected by adding the toxic, healed by removing it. */
export function toxicFault<F extends ToxicFault>(kind: ToxicFaultKind<F>): FaultKind<F> {
  const label = (fault: F) => `${kind.effect(fault)} on ${where(fault)}`;
  return {
    kind: kind.kind,
    toxicType: kind.toxicType,
    summary: kind.summary,
    attributes: kind.attributes,
    schema: kind.schema,
    healing: "The toxic is removed; bytes that it holds go on.",
    label,
    async inject(fault, { proxy }): Promise<Injection> {
      const { stream, toxicity } = fault;
      const attributes = kind.toxicAttributes(fault);
      const toxic = await proxy.addToxic(fault.link, { type: kind.toxicType, stream, toxicity, attributes });
      return {
        label: label(fault),
        heal: () => removeToxic(proxy, fault.link, toxic.name),
        bite: () => readBite(proxy, fault.link, toxic.name),
      };
    },
  };
}

/** What the toxic (null: the disabling) of a link touched, as far as the engine can tell. */
export async function readBite(
  proxy: FaultProxyClient,
  link: string,
  toxic: string | null,
): Promise<FaultBite> {
  if (!(await proxy.capabilities()).has("bites")) {
    return { kind: "unknown", why: "this fault proxy does not count what its toxics touch" };
  }
  const found = (await proxy.bites()).find((bite) => bite.proxy === link && bite.toxic === toxic);
  if (found === undefined)
    return { kind: "unknown", why: "the fault proxy was reset, and with it the counters" };
  return { kind: "counted", connections: found.connections, bytes: found.bytes };
}

/** Removing what a reset has already removed is no error: it is healed. */
async function removeToxic(proxy: FaultProxyClient, link: string, toxic: string): Promise<void> {
  try {
    await proxy.removeToxic(link, toxic);
  } catch (error) {
    if (!(error instanceof FaultProxyError && error.status === 404)) throw error;
  }
}

function where({ link, stream, toxicity }: ToxicFault): string {
  const share = toxicity === 1 ? "" : `, ${Math.round(toxicity * 100)} % of connections`;
  return `${link} (${stream}${share})`;
}
