import { describe, expect, it } from "vitest";
import { allowedUrl, pathOn } from "./allowed-hosts.ts";

const HTTP = ["http:", "https:"];

describe("allowed hosts", () => {
  it("are those of this machine", () => {
    for (const host of ["127.0.0.1", "127.4.5.6", "localhost", "[::1]"]) {
      expect(allowedUrl(`http://${host}:8080/`, HTTP, [])).toBe(`http://${host}:8080`);
    }
  });

  it("do not include others, which are refused with how to allow them", () => {
    expect(() => allowedUrl("https://canary.example.com", HTTP, [])).toThrow(
      expect.objectContaining({
        exitCode: 77,
        nextStep: expect.stringContaining("--allow-host canary.example.com"),
      }),
    );
  });

  it("are allowed by their exact name only", () => {
    const allowed = ["canary.example.com"];
    expect(allowedUrl("https://canary.example.com", HTTP, allowed)).toBe("https://canary.example.com");
    for (const host of [
      "example.com",
      "evil.canary.example.com",
      "canary.example.com.evil.org",
      "127.evil.org",
      "localhost.evil.org",
      "0.0.0.0",
      "[::]",
      "[::ffff:10.0.0.1]",
    ]) {
      expect(() => allowedUrl(`https://${host}`, HTTP, allowed)).toThrow(/Expected a host on this machine/);
    }
  });

  it("require a valid address", () => {
    for (const text of ["", "canary", "ftp://127.0.0.1", "http://"]) {
      expect(() => allowedUrl(text, HTTP, [])).toThrow(expect.objectContaining({ exitCode: 64 }));
    }
  });
});

describe("a path on an allowed host", () => {
  const base = new URL("http://127.0.0.1:8080");

  it("is joined to it", () => {
    expect(pathOn(base, "/api/healthz?deep=1").href).toBe("http://127.0.0.1:8080/api/healthz?deep=1");
    expect(pathOn(base, "metrics").href).toBe("http://127.0.0.1:8080/metrics");
  });

  it("cannot name another host, port or protocol", () => {
    const spellings = [
      "//evil.org/x",
      "http://evil.org/x",
      "https://127.0.0.1:8080/x",
      "http://127.0.0.1:9090/x",
      "\\\\evil.org\\x",
      "/\\evil.org",
      "\t//evil.org",
      "file:///etc/passwd",
    ];
    for (const path of spellings) {
      expect(() => pathOn(base, path), path).toThrow(expect.objectContaining({ code: "bad-path" }));
    }
  });
});
