import { randomUUID } from "node:crypto";
import { askOnce, type ErrorWord, type OrderRequest } from "../../api/index.ts";
import type { DataPath } from "../../core/index.ts";
import { placeNear, RESTING } from "./check-orders.ts";
import type { CheckedPlatform } from "./checked-platform.ts";
import {
  answerInWords,
  broken,
  fixOf,
  notApplicable,
  type PlatformFinding,
  works,
} from "./platform-finding.ts";

const ABSURD_QUANTITY = "1000000";

/** Asks for what the platform must refuse by the limits and the switch that its definition states. */
export async function checkRefusals(
  checked: CheckedPlatform,
  order: OrderRequest,
): Promise<readonly PlatformFinding[]> {
  return [
    await limits(checked, order),
    ...(await killSwitch(checked, order)),
    await accounts(checked, order),
  ];
}

async function limits(checked: CheckedPlatform, order: OrderRequest): Promise<PlatformFinding> {
  const part = ["api", "riskLimits"];
  if (!checked.platform.api.riskLimits) return notApplicable(part, "riskLimits: it has none of its own");
  const what = "an order of a million bitcoins";
  return refused(checked, { ...order, quantity: ABSURD_QUANTITY }, "risk_block", what, part);
}

async function killSwitch(
  checked: CheckedPlatform,
  order: OrderRequest,
): Promise<readonly PlatformFinding[]> {
  const { api, platform } = checked;
  const part = ["api", platform.api.driver === null ? "killSwitch" : "driver"];
  if (!api.questions.has("stop-trading")) return [notApplicable(["api"], "killSwitch: it has none")];
  const stopped = await askOnce(api, { kind: "stop-trading" });
  if (stopped.outcome !== "succeeded") return [broken(part, answerInWords(stopped), fixOf(stopped, part))];
  const while_ = await refused(checked, order, "execution_disabled", "an order while trading is off", part);
  const resumed = await askOnce(api, { kind: "resume-trading" });
  if (resumed.outcome !== "succeeded")
    return [while_, broken(part, answerInWords(resumed), fixOf(resumed, part))];
  const { answer: after } = await placeNear(checked, order.venue, "bid", RESTING);
  return [
    while_,
    after.outcome === "succeeded"
      ? works(part, "trading goes on after resume")
      : broken(
          part,
          `after resume an order came to ${answerInWords(after)}`,
          "switch trading on again by killSwitch.resume",
        ),
  ];
}

async function accounts({ api, platform }: CheckedPlatform, order: OrderRequest): Promise<PlatformFinding> {
  const part = ["api", "accounts"];
  if (!platform.api.accounts) return notApplicable(part, "accounts: it has one");
  const answer = await askOnce(api, { kind: "place", order, key: randomUUID(), account: "kanit-other" });
  return answer.outcome === "succeeded"
    ? works(part, "places for another account")
    : broken(
        part,
        `for another account: ${answerInWords(answer)}`,
        "hand over `account`, or write accounts: false",
      );
}

async function refused(
  { api }: CheckedPlatform,
  order: OrderRequest,
  expected: ErrorWord,
  what: string,
  part: DataPath,
): Promise<PlatformFinding> {
  const answer = await askOnce(api, { kind: "place", order, key: randomUUID(), account: null });
  if (answer.error === expected) return works(part, `${what} is refused with ${expected}`);
  const fix =
    answer.outcome === "succeeded"
      ? `refuse it${expected === "risk_block" ? ", or write riskLimits: false" : ""}`
      : `name the platform's word under errors.${expected}`;
  return broken(part, `${what} came to ${answerInWords(answer)}`, fix);
}
