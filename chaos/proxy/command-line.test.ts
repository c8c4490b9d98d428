import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FaultProxyClient } from "../client/fault-proxy-client.ts";
import { readCommandLine } from "./command-line.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { parseServices, servicePort } from "./service-ports.ts";

describe("the fault proxy's command line", () => {
  it("takes toxiproxy-server's options, with one dash or two", () => {
    const toxiproxy = "-host localhost -port 0 -config links.json -seed 7 -proxy-metrics -runtime-metrics";
    expect(readCommandLine(toxiproxy.split(" "))).toEqual({
      kind: "serve",
      port: 0,
      seed: 7,
      fence: { kind: "open" },
      strict: false,
      configFile: "links.json",
    });
    expect(readCommandLine(["-version"])).toEqual({ kind: "version" });
  });

  it.each([
    [["--host", "0.0.0.0"], "host-not-loopback"],
    [["--port", "-1"], "bad-option"],
    [["--port", "x".repeat(10_000)], "bad-option"],
    [["--nonsense"], "bad-option"],
    [["links.json"], "bad-option"],
  ])("refuses %j in one short line", (args, code) => {
    const error = thrown(() => readCommandLine(args));
    expect(error).toMatchObject({ code });
    expect((error as Error).message).not.toContain("\n");
    expect((error as Error).message.length).toBeLessThan(500);
  });
});

describe("a configuration file", () => {
  it("makes its links before the control API listens", async () => {
    await using file = await TextFile.write(
      '[{"Name": "a", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:9", "toxics": [{"type": "latency"}]}]',
    );
    await using proxy = await startFaultProxy({ port: 0, seed: 1, configFile: file.path });
    const client = await FaultProxyClient.connect(proxy.url);
    expect([...(await client.links()).keys()]).toEqual(["a"]);
  });

  it.each([
    ["{", "bad request body"],
    ['[{"name": "a"}]', "missing required field: upstream at proxy 1"],
    ['[{"name": "a", "upstream": "127.0.0.1:9", "listn": "x"}]', 'unknown field "listn"'],
    ['[{"name": "a", "upstream": "nowhere"}]', '"upstream": expected host:port'],
    [" ".repeat(2_000_000), "2000000 bytes, at most 1048576 are read"],
  ])("that is wrong (%#) keeps the proxy from starting, and is named", async (text, why) => {
    await using file = await TextFile.write(text);
    const started = startFaultProxy({ port: 0, seed: 1, configFile: file.path });
    await expect(started).rejects.toMatchObject({ code: "bad-config", exitCode: 64 });
    await expect(started).rejects.toThrow(why);
  });

  it.each(["/nowhere/links.json", "/dev/zero", tmpdir()])("%s is refused", async (path) => {
    const started = startFaultProxy({ port: 0, seed: 1, configFile: path });
    await expect(started).rejects.toMatchObject({ code: "bad-config" });
  });
});

describe("a port may be the name of a service", () => {
  it("of the system's list or a well-known one, in any case", () => {
    expect(servicePort("HTTPS")).toBe(443);
    expect(servicePort("nosuchservice")).toBeUndefined();
  });

  it("read from a file as of /etc/services: TCP only, with aliases, the first entry first", () => {
    const text = "http 80/tcp www # the web\nhttp 81/tcp\ntftp 69/udp\n# a comment\nodd x/tcp\nfar 70000/tcp";
    expect([...parseServices(text)]).toEqual([
      ["http", 80],
      ["www", 80],
    ]);
  });
});

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, got none");
}

/** A file in a folder of its own. */
class TextFile implements AsyncDisposable {
  readonly path: string;
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.path = join(directory, "links.json");
  }

  static async write(text: string): Promise<TextFile> {
    const file = new TextFile(await mkdtemp(join(tmpdir(), "kanit-test-")));
    await writeFile(file.path, text);
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true });
  }
}
