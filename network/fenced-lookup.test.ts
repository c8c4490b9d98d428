import type { LookupAddress } from "node:dns";
import { describe, expect, it } from "vitest";
import { fencedLookup } from "./fenced-lookup.ts";

/** A name server that answers every query with these addresses. */
const answering =
  (...addresses: readonly string[]) =>
  (_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void): void =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

const look = (name: string, allowedHosts: readonly string[], ...addresses: readonly string[]) =>
  new Promise((resolve, reject) => {
    fencedLookup(allowedHosts, answering(...addresses))(name, { all: true }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });

describe("a name's addresses", () => {
  it("are accepted when an allowed name resolves to a host of the network", async () => {
    expect(await look("canary.example.com", ["canary.example.com"], "10.1.2.3")).toEqual([
      { address: "10.1.2.3", family: 4 },
    ]);
  });

  it("are refused when localhost is not this machine", async () => {
    await expect(look("localhost", [], "10.1.2.3")).rejects.toMatchObject({ code: "host-not-allowed" });
    await expect(look("localhost", [], "127.0.0.1", "10.1.2.3")).rejects.toMatchObject({
      message: expect.stringContaining("resolves to 10.1.2.3"),
    });
  });

  it("are refused for a name that is not allowed, whatever it resolves to", async () => {
    await expect(look("rebound.example.com", [], "127.0.0.1")).rejects.toMatchObject({
      code: "host-not-allowed",
    });
  });

  it("are refused when an allowed name resolves to a link-local address, such as a cloud's metadata", async () => {
    const names = ["canary.example.com"];
    for (const address of ["169.254.169.254", "fe80::1", "0.0.0.0", "::"]) {
      await expect(look("canary.example.com", names, address)).rejects.toMatchObject({
        code: "host-not-allowed",
      });
    }
  });
});
