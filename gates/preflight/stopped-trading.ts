import { pathOn, requestHttp } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";

/** The kill switch was used and nobody turned trading on again. */
export const stoppedTrading: Mutant = {
  what: "The kill switch is used on the platform, as in an incident, and trading stays off.",
  apply: async ({ target }) => {
    const { url } = target.parts;
    if (url === null) throw new Error("there is no address");
    const enable = async (enabled: boolean) => {
      const path = `/api/tools/kill-switch?scope=global&enable=${enabled}`;
      const answer = await requestHttp(pathOn(url, path), {
        method: "POST",
        headers: { "x-actor": "kanit-drill" },
      });
      if (!answer.ok) throw new Error(`the kill switch answered with status ${answer.status}`);
    };
    await enable(false);
    return {
      effect: "POST /api/tools/kill-switch?enable=false: 200",
      parts: {},
      [Symbol.asyncDispose]: () => enable(true),
    };
  },
};
