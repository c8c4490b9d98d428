import { describe, expect, it } from "vitest";
import { allowedUrl } from "./allowed-host.ts";

describe("hosts that may be probed", () => {
  it("are those of this machine", () => {
    for (const host of ["127.0.0.1", "127.4.5.6", "localhost", "[::1]"]) {
      expect(allowedUrl(`http://${host}:8080`, []).hostname).toBe(host);
    }
  });

  it("are refused elsewhere, saying how to allow them", () => {
    expect(() => allowedUrl("https://canary.example.com", [])).toThrow(
      expect.objectContaining({
        exitCode: 77,
        nextStep: expect.stringContaining("--allow-host canary.example.com"),
      }),
    );
  });

  it("are allowed by their exact name only", () => {
    const allowed = ["canary.example.com"];
    expect(allowedUrl("https://canary.example.com", allowed).hostname).toBe("canary.example.com");
    for (const host of [
      "example.com",
      "evil.canary.example.com",
      "canary.example.com.evil.org",
      "127.evil.org",
    ]) {
      expect(() => allowedUrl(`https://${host}`, allowed)).toThrow(/Expected a host on this machine/);
    }
  });

  it("need an address that is one", () => {
    for (const text of ["", "canary", "ftp://127.0.0.1", "http://"]) {
      expect(() => allowedUrl(text, [])).toThrow(expect.objectContaining({ exitCode: 64 }));
    }
  });
});
