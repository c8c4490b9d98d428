import { describe, expect, it } from "vitest";
import { readControlToken, withControlToken } from "./control-token.ts";

const TOKEN = "0123456789abcdef";

describe("the token of a control surface", () => {
  it("is what the environment says, or none", () => {
    expect(readControlToken({ KANIT_CONTROL_TOKEN: TOKEN })).toBe(TOKEN);
    expect(readControlToken({})).toBeNull();
  });

  it.each(["", "short", TOKEN.slice(1)])(
    "is not %j, which would leave the surface as good as open",
    (token) => {
      expect(() => readControlToken({ KANIT_CONTROL_TOKEN: token })).toThrow(/at least 16 characters/);
    },
  );

  it("is part of the address by which clients are told of the surface", () => {
    expect(withControlToken("http://127.0.0.1:8474", TOKEN)).toBe(`http://kanit:${TOKEN}@127.0.0.1:8474`);
  });
});
