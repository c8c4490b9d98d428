import type { Lease } from "../leases/lease.ts";
import type { Answer, Call } from "./call.ts";
import { parseJson } from "./json-input.ts";
import { readLeaseOptions } from "./lease-input.ts";

/** `POST /leases` */
export function openLease({ links, bodyText }: Call): Answer {
  const { owner, ttlMs } = readLeaseOptions(parseJson(bodyText));
  return { status: 201, body: links.leases.open(owner, ttlMs).toBody() };
}

/** `GET /leases` */
export function listLeases({ links }: Call): Answer {
  return { status: 200, body: links.leases.all().map((lease) => describe(lease, links)) };
}

/** `GET /leases/{lease}`: with its changes. */
export function showLease({ links, lease }: Call): Answer {
  const found = links.leases.get(lease);
  return { status: 200, body: { ...describe(found, links), holds: links.holdingsOf(found) } };
}

/** `POST /leases/{lease}/renew` */
export function renewLease({ links, lease }: Call): Answer {
  const found = links.leases.get(lease);
  found.renew();
  return { status: 200, body: found.toBody() };
}

/** `DELETE /leases/{lease}`: releases it. */
export async function releaseLease({ links, lease }: Call): Promise<Answer> {
  await links.leases.release(lease);
  return { status: 204 };
}

function describe(lease: Lease, links: Call["links"]): object {
  const problem = links.leases.problemOf(lease.id);
  const state = lease.ending === null ? "held" : "undoing";
  return { ...lease.toBody(), state, ...(problem === null ? {} : { problem }) };
}
