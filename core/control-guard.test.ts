import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ControlGuardPolicy,
  type ControlRequest,
  judgeControlRequest,
  STRICT_CONTROL_GUARD,
} from "./control-guard.ts";

const CLIENTS_IN_THE_FIELD: ControlGuardPolicy = {
  ...STRICT_CONTROL_GUARD,
  bodies: "client-defaults",
};
const LOOPBACK = { host: "127.0.0.1:8474" };

function verdict(
  headers: ControlRequest["headers"],
  method = "POST",
  policy: ControlGuardPolicy = STRICT_CONTROL_GUARD,
): string {
  const judged = judgeControlRequest({ method, headers }, policy);
  return judged.kind === "allowed" ? "allowed" : `${judged.status} ${judged.why}`;
}

describe("Host", () => {
  it.each(["127.0.0.1:8474", "127.8.9.1", "localhost:1", "LOCALHOST", "[::1]:8474", "[::1]"])(
    "is this machine as %s",
    (host) => {
      expect(verdict({ host }, "GET")).toBe("allowed");
    },
  );

  it.each([
    "evil.example:8474",
    "127.0.0.1.evil.example",
    "0.0.0.0:8474",
    "",
    "a b",
    "127.0.0.1:8474@evil",
    "[::1",
  ])("is not this machine as %j, such as a page's name that was rebound to loopback", (host) => {
    expect(verdict({ host }, "GET")).toContain("403 expected a Host on this machine");
  });

  it("is refused when it is missing", () => {
    expect(verdict({}, "GET")).toBe("403 expected a Host on this machine, got none");
  });

  it("may be one that is allowed by name", () => {
    const policy = { ...STRICT_CONTROL_GUARD, allowedHosts: ["toxiproxy"] };
    expect(verdict({ host: "toxiproxy:8474" }, "GET", policy)).toBe("allowed");
    expect(verdict({ host: "toxiproxy.evil.example" }, "GET", policy)).toContain("403");
  });
});

describe("the origin of a request", () => {
  it.each(["https://evil.example", "null", "http://127.0.0.1:8474", ""])(
    "refuses a page of origin %j",
    (origin) => {
      expect(verdict({ ...LOOPBACK, origin }, "GET")).toContain("403 requests of web pages");
    },
  );

  it.each(["cross-site", "same-site", "", "NONE"])("refuses Sec-Fetch-Site %j", (site) => {
    expect(verdict({ ...LOOPBACK, "sec-fetch-site": site }, "GET")).toContain("403 requests of other sites");
  });

  it.each(["none", "same-origin"])(
    "accepts Sec-Fetch-Site %s: a typed address, or a page of our own",
    (site) => {
      expect(verdict({ ...LOOPBACK, "sec-fetch-site": site }, "GET")).toBe("allowed");
    },
  );
});

describe("Content-Type of a change", () => {
  it.each(["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"])(
    "may be %s",
    (type) => {
      expect(verdict({ ...LOOPBACK, "content-type": type, "content-length": "2" })).toBe("allowed");
    },
  );

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", undefined])(
    "may not be %s, which a page can send without a preflight",
    (type) => {
      expect(verdict({ ...LOOPBACK, "content-type": type, "content-length": "2" })).toContain("415 expected");
    },
  );

  it("is not required without a body", () => {
    expect(verdict(LOOPBACK, "DELETE")).toBe("allowed");
    expect(verdict({ ...LOOPBACK, "content-length": "0" })).toBe("allowed");
    expect(verdict({ ...LOOPBACK, "transfer-encoding": "chunked" })).toContain("415");
  });

  it.each([
    undefined,
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
  ])("is accepted as %s from existing clients", (type) => {
    const headers = { ...LOOPBACK, "content-type": type, "content-length": "2" };
    expect(verdict(headers, "POST", CLIENTS_IN_THE_FIELD)).toBe("allowed");
  });

  it("is never accepted as that of a form with files", () => {
    const headers = { ...LOOPBACK, "content-type": "multipart/form-data; boundary=x" };
    expect(verdict(headers, "POST", CLIENTS_IN_THE_FIELD)).toContain("415");
  });
});

describe("the token of a surface that has one", () => {
  const TOKEN = "0123456789abcdef-token";
  const policy = { ...STRICT_CONTROL_GUARD, token: TOKEN };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  it.each([
    ["as a bearer token", `Bearer ${TOKEN}`],
    ["in any case of the scheme", `bearer ${TOKEN}`],
    ["as the password of an address, whoever the user", basic(`kanit:${TOKEN}`)],
    ["as the password of nobody", basic(`:${TOKEN}`)],
  ])("is taken %s", (_, authorization) => {
    expect(verdict({ ...LOOPBACK, authorization }, "GET", policy)).toBe("allowed");
    expect(verdict({ ...LOOPBACK, authorization }, "DELETE", policy)).toBe("allowed");
  });

  it.each([
    ["none", undefined],
    ["another one", ""],
    ["another one", "Bearer "],
    ["another one", `Bearer ${TOKEN.slice(1)}`],
    ["another one", `Bearer ${TOKEN}x`],
    ["another one", TOKEN],
    ["another one", basic(`${TOKEN}:kanit`)],
    ["another one", "Basic !!!"],
    ["another one", `Digest ${TOKEN}`],
  ])("is refused with 401 where %s came: %j", (came, authorization) => {
    for (const method of ["GET", "HEAD", "POST", "DELETE"]) {
      const judged = verdict({ ...LOOPBACK, authorization }, method, policy);
      expect(judged).toMatch(/^401 expected the token of this control API \(.*\), got /);
      expect(judged.endsWith(came)).toBe(true);
    }
  });

  it("does not let a web page in that knows it", () => {
    const authorization = `Bearer ${TOKEN}`;
    expect(verdict({ ...LOOPBACK, authorization, origin: "http://127.0.0.1:8474" }, "GET", policy)).toMatch(
      /^403/,
    );
  });

  it("is not repeated in the refusal", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (wrong) => {
        const answer = verdict({ ...LOOPBACK, authorization: `Bearer ${wrong}` }, "GET", policy);
        return answer.startsWith("401") && !answer.includes(TOKEN);
      }),
    );
  });
});

it("refuses every request of another origin, whatever its other headers", () => {
  const others = fc.dictionary(
    fc.constantFrom("content-type", "user-agent", "sec-fetch-site", "host"),
    fc.string(),
  );
  fc.assert(
    fc.property(
      others,
      fc.string(),
      fc.constantFrom("GET", "POST", "PATCH", "DELETE"),
      (headers, origin, method) => {
        expect(verdict({ ...LOOPBACK, ...headers, origin }, method, CLIENTS_IN_THE_FIELD)).toMatch(/^403/);
      },
    ),
  );
});
