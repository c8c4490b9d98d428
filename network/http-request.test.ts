import { execFile } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { requestHttp } from "./http-request.ts";

async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe("a request", () => {
  it("returns status, headers and body unchanged", async () => {
    await using server = await serve((request, response) => {
      response.writeHead(418, { "x-path": request.url }).end("short and stout");
    });
    const answer = await requestHttp(`${server.url}/tea?milk=no`);
    expect(answer).toMatchObject({ status: 418, text: "short and stout" });
    expect(answer.headers["x-path"]).toBe("/tea?milk=no");
  });

  it("never goes to a host that is not allowed", async () => {
    for (const url of ["http://example.com", "http://0.0.0.0:80", "http://10.0.0.1", "http://[fe80::1]"]) {
      await expect(requestHttp(url)).rejects.toMatchObject({ code: "host-not-allowed", exitCode: 77 });
    }
  });

  it("never follows a redirect to a host that is not allowed", async () => {
    for (const location of ["http://example.com/x", "//example.com/x", "http://169.254.169.254/latest"]) {
      await using server = await serve((_, response) => response.writeHead(302, { location }).end());
      await expect(requestHttp(server.url)).rejects.toMatchObject({
        code: "host-not-allowed",
        message: expect.stringContaining(`a redirect of ${server.url}`),
      });
    }
  });

  it("sends no key and no body when it is redirected to another port", async () => {
    const seen: string[] = [];
    await using other = await serve((request, response) => {
      seen.push(`${request.method} ${request.headers["x-mbx-apikey"]}`);
      response.end("other");
    });
    await using server = await serve((request, response) => {
      const status = request.method === "GET" ? 302 : 307;
      response.writeHead(status, { location: `${other.url}/x` }).end("moved");
    });
    const headers = { "x-mbx-apikey": "secret" };
    expect((await requestHttp(server.url, { headers })).text).toBe("other");
    expect((await requestHttp(server.url, { method: "POST", headers, body: "{}" })).status).toBe(307);
    expect(seen).toEqual(["GET undefined"]);
  });

  it("follows redirects on one origin with its headers, up to a limit", async () => {
    await using server = await serve((request, response) => {
      if (request.url === "/end") response.end(request.headers["x-key"]);
      else response.writeHead(301, { location: request.url === "/loop" ? "/loop" : "/end" }).end();
    });
    expect((await requestHttp(`${server.url}/start`, { headers: { "x-key": "k" } })).text).toBe("k");
    await expect(requestHttp(`${server.url}/loop`)).rejects.toMatchObject({ code: "too-many-redirects" });
  });

  it("reads no more of a body than its limit, however much the server sends", async () => {
    await using server = await serve((_, response) => {
      const more = (): void => {
        while (response.write("x".repeat(65_536)));
        response.once("drain", more);
      };
      more();
    });
    await expect(requestHttp(server.url, { maxBodyBytes: 1_000_000 })).rejects.toMatchObject({
      code: "body-too-large",
    });
  });

  it("ends at its deadline, even when the body arrives slowly", async () => {
    await using server = await serve((_, response) => {
      const drip = setInterval(() => response.write("x"), 10);
      response.once("close", () => clearInterval(drip));
    });
    await expect(requestHttp(server.url, { deadlineMs: 100 })).rejects.toMatchObject({
      code: "deadline-exceeded",
      received: "none within 100 ms",
    });
  });

  it("ends with the reason of its signal", async () => {
    await using server = await serve(() => undefined);
    const signal = AbortSignal.timeout(20);
    await expect(requestHttp(server.url, { signal })).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("reports in one line why there was no answer", async () => {
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(requestHttp(server.url)).rejects.toMatchObject({
      code: "no-answer",
      message: expect.stringMatching(/^Expected an answer to GET http:\/\/127[^\n]* ECONNREFUSED [^\n]*\.$/),
    });
  });

  it("takes no proxy from the environment", async () => {
    await using server = await serve((_, response) => response.end("direct"));
    const module = JSON.stringify(new URL("http-request.ts", import.meta.url).href);
    const program = `const { requestHttp } = await import(${module});
      process.stdout.write((await requestHttp(${JSON.stringify(server.url)})).text);`;
    // The address of a proxy that does not listen: a request through it fails.
    const env = {
      NODE_USE_ENV_PROXY: "1",
      HTTP_PROXY: "http://127.0.0.1:9",
      http_proxy: "http://127.0.0.1:9",
    };
    const args = ["--input-type=module", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    expect(stdout).toBe("direct");
  });
});
