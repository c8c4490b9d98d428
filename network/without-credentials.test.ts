import { expect, it } from "vitest";
import { withoutCredentials } from "./without-credentials.ts";

it.each([
  ["http://kanit:token@127.0.0.1:8474", "http://127.0.0.1:8474"],
  ["http://kanit:token@127.0.0.1:8474/venues/binance?x=a@b", "http://127.0.0.1:8474/venues/binance?x=a@b"],
  ["postgresql://kanit:pa%40ss@127.0.0.1:5432/spark", "postgresql://127.0.0.1:5432/spark"],
  ["http://127.0.0.1:8474/a@b", "http://127.0.0.1:8474/a@b"],
  ["127.0.0.1:8474", "127.0.0.1:8474"],
])("shows %s as %s", (address, shown) => {
  expect(withoutCredentials(address)).toBe(shown);
});
