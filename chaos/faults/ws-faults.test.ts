import { describe, expect, it } from "vitest";
import { WebSocketRig } from "../proxy/protocols/ws/test-web-socket.ts";
import { parseFault } from "./parse-fault.ts";
import { FAULT_KINDS, type Fault, faultLabel, kindOf } from "./registry.ts";

const KINDS = Object.values(FAULT_KINDS).filter(({ toxic }) => toxic?.protocol === "websocket");

/** One fault of each kind as a user writes it, with its description. */
const GIVEN: readonly (readonly [string, readonly string[], string])[] = [
  ["ws-swallow", ["pattern=depth"], "every message that matches /depth/ dropped on link (downstream)"],
  ["ws-drop", ["nth=3"], "the third message dropped on link (downstream)"],
  ["ws-duplicate", ["every=10", "copies=2"], "each 10th message sent again 2 times on link (downstream)"],
  [
    "ws-reorder",
    ["first=5", "stream=upstream"],
    "message (the first 5) swapped with the next on link (upstream)",
  ],
  [
    "ws-delay",
    ["delayMs=300", "jitterMs=20", "order=overtake"],
    "each message delayed by 300 ms ± 20 ms and overtaken on link (downstream)",
  ],
  ["ws-corrupt", ["text=broken"], "each message corrupted in 1 byte, no valid UTF-8 on link (downstream)"],
  [
    "ws-close",
    ["code=1008", "reason=too fast"],
    "closed with 1008 (too fast) in place of the next message on link (downstream)",
  ],
  ["ws-no-pong", ["share=0.5"], "pong (50 % of them) swallowed on link (upstream)"],
];

describe("WebSocket faults", () => {
  it("are all given below", () => {
    expect(GIVEN.map(([kind]) => kind).toSorted()).toEqual(KINDS.map(({ kind }) => kind).toSorted());
  });

  it.each(GIVEN)("%s is injected as given, and heals", async (kindName, pairs, label) => {
    await using rig = await WebSocketRig.start();
    const fault: Fault = parseFault("link", kindName, pairs);
    expect(faultLabel(fault)).toBe(label);
    const injection = await kindOf(fault).inject(fault, {
      proxy: rig.client,
      databaseUrlOf: () => "",
      venueControlUrl: "",
      processes: null,
      clients: null,
      ownFaults: [],
    });
    const [toxic] = (await rig.client.link("link")).toxics;
    expect(toxic?.type).toBe(kindOf(fault).toxic?.type);
    expect(await injection.bite()).toEqual({ kind: "counted", connections: 0, bytes: 0, messages: 0 });
    await injection.heal();
    expect((await rig.client.link("link")).toxics).toEqual([]);
  });

  it.each([
    ["ws-drop", ["pattern=("], "regular expression"],
    ["ws-duplicate", ["copies=11"], "copies"],
    ["ws-close", ["code=70000"], "code"],
    ["ws-delay", [], "delayMs"],
  ])("%s is refused with %j", (kindName, pairs, complaint) => {
    expect(() => parseFault("link", kindName, pairs)).toThrow(complaint);
  });
});
