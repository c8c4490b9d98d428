import { type FaultBite, UsageError } from "../../core/index.ts";
import { text } from "../proxy/toxics/attribute-spec.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultIn, stateFault } from "./fault-statement.ts";
import { BESIDE_THE_LINKS } from "./process-injection.ts";

const statement = stateFault({
  kind: "own",
  specs: {
    name: text("the name that it has in kanit.config.ts", "", (name) =>
      name === "" ? "expected a name" : undefined,
    ),
  },
  required: ["name"],
  placeOf: ({ name }) => name,
});

type Own = FaultIn<typeof statement>;

/** A fault that the user wrote. */
export const own: FaultKind<Own> = {
  ...statement,
  ...BESIDE_THE_LINKS,
  exclusive: ({ name }) => `the fault ${name}`,
  summary: "a fault of your own, from kanit.config.ts",
  healing: "As it says itself; the run calls its `heal`, also when it is interrupted.",
  label: ({ name }) => name,
  async inject({ name }, { ownFaults, databaseUrlOf, proxy, venueControlUrl }) {
    const fault = ownFaults.find((each) => each.name === name);
    if (fault === undefined) throw unknown(name);
    const context = { databaseUrlOf, proxyControl: proxy.url, venueControl: venueControlUrl };
    const injection = await fault.inject(context);
    return {
      label: `${name}: ${fault.summary}`,
      heal: () => injection.heal(),
      bite: async () => biteOf(await injection.touched()),
    };
  },
};

function biteOf(touched: unknown): FaultBite {
  if (typeof touched !== "number" || !Number.isInteger(touched) || touched < 0)
    return { kind: "unknown", why: `expected how often it affected something, got ${String(touched)}` };
  return { kind: "counted", connections: touched, bytes: 0, messages: null };
}

function unknown(name: string): UsageError {
  return new UsageError({
    code: "unknown-own-fault",
    message: `Expected a fault of kanit.config.ts, got ${JSON.stringify(name)}.`,
    nextStep: "Define it with defineFault, and list it under `faults`.",
  });
}
