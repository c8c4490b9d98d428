import { requestHttp } from "../../network/index.ts";
import type { Mutant } from "./mutant.ts";

/** A mutant that is a misbehavior of a venue of the lab (docs/misbehaviors.md), each time that it has an occasion. */
export interface VenueMutantInput {
  readonly what: string;
  readonly venue: string;
  readonly misbehavior: string;
  readonly options: Readonly<Record<string, string | number>>;
}

/** Makes the mutant. */
export function venueMutant({ what, venue, misbehavior, options }: VenueMutantInput): Mutant {
  return {
    what,
    apply: async ({ lab, signal }) => {
      const path = `/venues/${venue}/misbehaviors/${misbehavior}`;
      const address = `${lab.addresses.venueControl}${path}`;
      const answer = await requestHttp(address, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(options),
        signal,
      });
      if (!answer.ok) {
        throw new Error(`the venue answered with status ${answer.status}: ${answer.text.slice(0, 200)}`);
      }
      return {
        effect: `PUT ${path}: ${answer.status}`,
        parts: {},
        [Symbol.asyncDispose]: async () => {
          await requestHttp(address, { method: "DELETE" });
        },
      };
    },
  };
}
