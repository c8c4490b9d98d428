import { requestHttp } from "../../network/index.ts";
import { linksToVenues } from "../../venues/index.ts";
import { brokenLink } from "./broken-link.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";

const LINK_TIMEOUT_MS = 5_000;

/**
 * Checks that each venue answers through its REST link. Any answer proves it, since only the venue can have sent it.
 *
 * @throws UnavailableError `link-carries-nothing`
 */
export async function proveRestLinks({ addresses, venues, signal }: LabProofOptions): Promise<void> {
  const links = linksToVenues(venues).filter(({ channel }) => channel === "rest");
  await Promise.all(
    links.map(({ name }) =>
      requestHttp(`http://${addresses.links[name]}/`, { deadlineMs: LINK_TIMEOUT_MS, signal }).catch(
        (cause: unknown) => {
          throw brokenLink(name, "the venue", cause);
        },
      ),
    ),
  );
}
