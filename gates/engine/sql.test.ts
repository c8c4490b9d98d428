import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { startWalArchive, tryWalArchive } from "../target/wal-archive.ts";
import { numberIn, queryRows, toTsv } from "./sql.ts";

describe("a number of the database", () => {
  it("is read from its column", () => {
    expect(numberIn({ waiting: "0" }, "waiting")).toBe(0);
    expect(numberIn({ waiting: "-1.5" }, "waiting")).toBe(-1.5);
  });

  it.each([undefined, {}, { waiting: null }, { waiting: "" }, { waiting: "NaN" }, { waiting: "many" }])(
    "that is not there is no zero, with which a check would pass: %j",
    (row) => {
      expect(() => numberIn(row, "waiting")).toThrow(/Expected a number in the column waiting/);
    },
  );
});

/** A server to which a database's clients connect, and that closes each connection. */
async function closingServer() {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://mara:hunter2@127.0.0.1:${port}/spark`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

describe("a database that cuts connections off", () => {
  const { signal } = new AbortController();

  it("is said to be unavailable, with its address and without the password", async () => {
    await using server = await closingServer();
    const asked = queryRows(server.url, ["SELECT 1"], signal);
    await expect(asked).rejects.toMatchObject({ code: "database-refused" });
    await expect(asked).rejects.toThrow(/^Expected postgresql:\/\/\S*127\.0\.0\.1\S* to answer, got: /);
    await expect(asked).rejects.not.toThrow(/hunter2/);
  });

  it("is left to the checks where only the archive of a lab's WAL was to be switched on", async () => {
    await using server = await closingServer();
    await expect(startWalArchive(server.url, signal)).rejects.toMatchObject({ code: "database-refused" });
    await expect(tryWalArchive(server.url, signal)).resolves.toBeUndefined();
    await expect(tryWalArchive(server.url, AbortSignal.abort(new Error("Ctrl-C")))).rejects.toThrow("Ctrl-C");
  });
});

describe("rows as tab-separated values", () => {
  it("have a header, and no value that would be several", () => {
    expect(
      toTsv([
        { name: "a\tb", note: null },
        { name: "c", note: "d\ne" },
      ]),
    ).toBe("name\tnote\na b\t\nc\td e\n");
    expect(toTsv([])).toBe("");
  });
});
