import { UnavailableError } from "../../core/index.ts";
import { FaultProxyError } from "../client/deadline-http-client.ts";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { Stream, ToxicAttribute } from "../client/fault-proxy-state.ts";
import type { FaultAttribute, FaultBite, FaultKind, Injection } from "./fault-kind.ts";
import { WitnessedBite } from "./witnessed-bite.ts";

/** What every fault that is a toxic on a link has. */
export interface ToxicFault {
  readonly kind: string;
  readonly link: string;
  /** The share of connections taken, 0 to 1. */
  readonly toxicity: number;
}

/** The toxics that any engine has which speaks Toxiproxy's API. */
const TOXIPROXY_TYPES: ReadonlySet<string> = new Set([
  "bandwidth",
  "latency",
  "limit_data",
  "reset_peer",
  "slicer",
  "slow_close",
  "timeout",
]);

/** A kind of fault that is one toxic. */
export interface ToxicFaultKind<F extends ToxicFault> {
  readonly kind: F["kind"];
  readonly toxicType: string;
  readonly summary: string;
  readonly attributes: readonly (FaultAttribute & { readonly toxicName: string })[];
  readonly schema: FaultKind<F>["schema"];
  /** What it does, without the where: `latency of 300 ms ± 20 ms`. */
  effect(fault: F): string;
  /** The toxic's attributes in its own names and units. */
  toxicAttributes(fault: F): Readonly<Record<string, ToxicAttribute>>;
}

/** Toxics that know their protocol, and count the messages they touch. */
const MESSAGE_TOXIC = /^(pg|http|ws)_/;

/** Makes a fault of a toxic: injected by adding the toxic, healed by removing it. */
export function toxicFault<F extends ToxicFault>(kind: ToxicFaultKind<F>): FaultKind<F> {
  const label = (fault: F) => `${kind.effect(fault)} on ${where(fault)}`;
  return {
    kind: kind.kind,
    toxicType: kind.toxicType,
    needs: TOXIPROXY_TYPES.has(kind.toxicType) ? "toxiproxy" : "kanit",
    summary: kind.summary,
    attributes: kind.attributes,
    schema: kind.schema,
    healing: "The toxic is removed; bytes that it holds go on.",
    label,
    async inject(fault, { proxy }): Promise<Injection> {
      const { toxicity } = fault;
      const stream = streamOf(fault) ?? "downstream";
      await requireToxic(proxy, kind.toxicType);
      const attributes = kind.toxicAttributes(fault);
      // Of some connections only, nobody but the engine knows which.
      const witness = toxicity === 1 ? await WitnessedBite.begin(proxy, fault.link) : null;
      const toxic = await proxy.addToxic(fault.link, { type: kind.toxicType, stream, toxicity, attributes });
      const healed = { heal: () => removeToxic(proxy, fault.link, toxic.name) };
      if (witness === null) {
        return { label: label(fault), ...healed, bite: () => readBite(proxy, fault.link, toxic.name) };
      }
      return { label: label(fault), ...witnessed(() => witness.passed(stream), healed.heal) };
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
  const { connections, bytes, gaveUp, gaveUpWhy } = found;
  if (connections === 0 && gaveUp > 0) {
    return { kind: "unknown", why: `${gaveUp} connections could not be parsed (${gaveUpWhy})` };
  }
  const knowsMessages = toxic !== null && MESSAGE_TOXIC.test(toxic);
  return { kind: "counted", connections, bytes, messages: knowsMessages ? found.messages : null };
}

/** A fault whose touch must be read before it heals; that it cannot be read keeps nothing from healing. */
function witnessed(
  read: () => Promise<FaultBite>,
  heal: () => Promise<void>,
): Pick<Injection, "heal" | "bite"> {
  let last: FaultBite | null = null;
  const readOnce = async () => {
    last ??= await read().catch(
      (error: unknown): FaultBite => ({
        kind: "unknown",
        why: `the witness could not be asked: ${String(error)}`,
      }),
    );
    return last;
  };
  return {
    heal: async () => {
      await readOnce();
      await heal();
    },
    bite: async () => last ?? read(),
  };
}

/**
 * Makes sure that the engine has this toxic.
 *
 * @throws UnavailableError `needs-kanit-engine`
 */
async function requireToxic(proxy: FaultProxyClient, toxicType: string): Promise<void> {
  if (TOXIPROXY_TYPES.has(toxicType) || (await proxy.capabilities()).has(`toxic:${toxicType}`)) return;
  throw new UnavailableError({
    code: "needs-kanit-engine",
    message: `Expected a fault proxy with the toxic ${toxicType}, got one at ${proxy.url} without it.`,
    nextStep: "Put kanit's own fault proxy in its place, or choose a fault that Toxiproxy has.",
  });
}

/** Removing what a reset has already removed is no error: it is healed. */
async function removeToxic(proxy: FaultProxyClient, link: string, toxic: string): Promise<void> {
  try {
    await proxy.removeToxic(link, toxic);
  } catch (error) {
    if (!(error instanceof FaultProxyError && error.status === 404)) throw error;
  }
}

/** The direction that the fault names; undefined for a toxic that works on the whole connection. */
function streamOf(fault: ToxicFault & { readonly stream?: Stream }): Stream | undefined {
  return fault.stream;
}

function where(fault: ToxicFault): string {
  const { link, toxicity } = fault;
  const share = toxicity === 1 ? undefined : `${Math.round(toxicity * 100)} % of connections`;
  const details = [streamOf(fault), share].filter((detail) => detail !== undefined);
  return details.length === 0 ? link : `${link} (${details.join(", ")})`;
}
