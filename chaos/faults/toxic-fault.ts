import { type FaultBite, UnavailableError } from "../../core/index.ts";
import { FaultProxyError } from "../client/deadline-http-client.ts";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { Stream, ToxicAttribute } from "../client/fault-proxy-state.ts";
import { type ChoiceSpec, choice, type NumberSpec, shareNumber } from "../proxy/toxics/attribute-spec.ts";
import type { ToxicType } from "../proxy/toxics/toxic-type.ts";
import type { FaultKind, Injection } from "./fault-kind.ts";
import {
  type FaultAttribute,
  type GivenNames,
  type StatedAttributes,
  type StatedFault,
  stateFault,
} from "./fault-statement.ts";
import { WitnessedBite } from "./witnessed-bite.ts";

/**
 * The attributes of a fault that is this toxic: the toxic's own, the share of connections, and the direction.
 */
type SpecsOf<Toxic extends ToxicType> = Toxic["attributes"] &
  (Toxic extends { readonly works: "one-way" } ? { readonly stream: ChoiceSpec<Stream> } : unknown) & {
    readonly toxicity: NumberSpec<"share, 0 to 1">;
  };

/** The statement of a fault that is one toxic; everything else follows from the toxic. */
interface ToxicFaultDefinition<Kind extends string, Toxic extends ToxicType, Names>
  extends Omit<StatedAttributes<Kind, SpecsOf<Toxic>, Names>, "specs"> {
  readonly toxic: Toxic;
  readonly summary: string;
  /** The default direction. Absent: `downstream`. */
  readonly defaultStream?: Stream;
  /** Absent: the description for a toxic that holds bytes. */
  readonly healing?: string;
  /** Describes the effect without the place: `latency of 300 ms ± 20 ms`. */
  effect(fault: StatedFault<Kind, SpecsOf<Toxic>, Names>): string;
}

/** The attributes of every fault that is a toxic, besides its own. */
interface AnyToxicFault {
  readonly link: string;
  /** Absent for a toxic that works on the whole connection. */
  readonly stream?: Stream;
  readonly toxicity: number;
}

/** Defines a fault by a toxic: adding the toxic injects it, removing the toxic heals it. */
export function toxicFault<
  const Kind extends string,
  Toxic extends ToxicType,
  const Names extends GivenNames<SpecsOf<Toxic>> = Record<never, never>,
>(definition: ToxicFaultDefinition<Kind, Toxic, Names>): FaultKind<StatedFault<Kind, SpecsOf<Toxic>, Names>> {
  const { toxic, summary, effect, defaultStream: usualStream = "downstream" } = definition;
  const { healing = "The toxic is removed; bytes that it holds are forwarded." } = definition;
  const statement = stateFault({ ...definition, specs: specsOf(toxic, usualStream) });
  const label = (fault: StatedFault<Kind, SpecsOf<Toxic>, Names>) =>
    `${effect(fault)} on ${where(commonOf(fault))}`;
  return {
    ...statement,
    toxic,
    needs: toxic.engine,
    livesIn: "proxy",
    protocol: toxic.protocol,
    stopsAll: false,
    exclusive: () => null,
    summary,
    healing,
    label,
    async inject(fault, { proxy }) {
      await requireToxic(proxy, toxic);
      const attributes = toxicAttributes(statement.attributes, fault);
      return addToxic(proxy, toxic, commonOf(fault), attributes, label(fault));
    },
  };
}

/** The toxic's attributes, and those that all toxics have. */
function specsOf<Toxic extends ToxicType>(toxic: Toxic, usualStream: Stream): SpecsOf<Toxic> {
  const otherStream = usualStream === "downstream" ? "upstream" : "downstream";
  const stream = choice("downstream: from the server; upstream: to the server", [usualStream, otherStream]);
  const share = shareNumber("share of the connections that are affected, 0 to 1", 1);
  // A closed port refuses every connection, so it cannot affect a share of them.
  const isForAll = toxic.works === "on-connect" && toxic.closesListener;
  const specs = {
    ...toxic.attributes,
    ...(toxic.works === "one-way" ? { stream } : {}),
    toxicity: isForAll ? { ...share, min: 1 } : share,
  };
  // It has a stream exactly when the toxic works in one direction, which the compiler cannot
  // infer for a generic Toxic.
  return specs as unknown as SpecsOf<Toxic>;
}

/** The part that all toxics' specifications have, which the compiler cannot infer for a generic one. */
function commonOf(fault: object): AnyToxicFault {
  return fault as AnyToxicFault;
}

async function addToxic(
  proxy: FaultProxyClient,
  type: ToxicType,
  { link, toxicity, stream = "downstream" }: AnyToxicFault,
  attributes: Readonly<Record<string, ToxicAttribute>>,
  label: string,
): Promise<Injection> {
  // With a lower toxicity only the engine knows which connections are affected; a witness does not.
  const witness = toxicity === 1 ? await WitnessedBite.begin(proxy, link) : null;
  const { name } = await proxy.addToxic(link, { type: type.type, stream, toxicity, attributes });
  const heal = () => removeToxic(proxy, link, name);
  if (witness !== null) return { label, ...witnessed(() => witness.passed(stream), heal) };
  return { label, heal, bite: () => readBite(proxy, link, name) };
}

/** The attributes with the toxic's own names and units. */
function toxicAttributes(
  attributes: readonly FaultAttribute[],
  fault: object,
): Readonly<Record<string, ToxicAttribute>> {
  const values = new Map(Object.entries(fault));
  const own = attributes.filter(({ specName }) => !COMMON.includes(specName));
  return Object.fromEntries(own.map(({ name, specName }) => [specName, values.get(name)]));
}

/** Fields of the toxic itself, besides its attributes. */
const COMMON: readonly string[] = ["stream", "toxicity"];

/** Returns what a link's toxic affected, by the engine's count. Null means that the link is disabled. */
export async function readBite(
  proxy: FaultProxyClient,
  link: string,
  toxic: string | null,
): Promise<FaultBite> {
  if (!(await proxy.capabilities()).has("bites")) {
    return { kind: "unknown", why: "this fault proxy does not count what its toxics affect" };
  }
  const found = (await proxy.bites()).find((row) => row.proxy === link && row.toxic === toxic);
  return found?.bite ?? { kind: "unknown", why: "the fault proxy was reset, and with it the counters" };
}

/**
 * Reads what a fault affected before it heals, since a witness cannot tell later. It heals even if reading
 * fails.
 */
function witnessed(
  read: () => Promise<FaultBite>,
  heal: () => Promise<void>,
): Pick<Injection, "heal" | "bite"> {
  let last: FaultBite | null = null;
  const readOnce = async () => {
    last ??= await read().catch(
      (error: unknown): FaultBite => ({
        kind: "unknown",
        why: `the witness could not be read: ${String(error)}`,
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
 * Checks that the engine has this toxic.
 *
 * @throws UnavailableError `needs-kanit-engine`
 */
async function requireToxic(proxy: FaultProxyClient, { type, engine }: ToxicType): Promise<void> {
  if (engine === "toxiproxy" || (await proxy.capabilities()).has(`toxic:${type}`)) return;
  throw new UnavailableError({
    code: "needs-kanit-engine",
    message: `Expected a fault proxy with the toxic ${type}, got one at ${proxy.url} without it.`,
    nextStep: "Use kanit's own fault proxy instead, or choose a fault that Toxiproxy has.",
  });
}

/** It is not an error when a reset has already removed the toxic. */
async function removeToxic(proxy: FaultProxyClient, link: string, toxic: string): Promise<void> {
  try {
    await proxy.removeToxic(link, toxic);
  } catch (error) {
    if (!(error instanceof FaultProxyError && error.status === 404)) throw error;
  }
}

function where({ link, stream, toxicity }: AnyToxicFault): string {
  const share = toxicity === 1 ? undefined : `${Math.round(toxicity * 100)} % of connections`;
  const details = [stream, share].filter((detail) => detail !== undefined);
  return details.length === 0 ? link : `${link} (${details.join(", ")})`;
}
