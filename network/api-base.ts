import { withoutCredentials } from "./without-credentials.ts";

/** An HTTP API somewhere below an address, which may have a path of its own, and a name and password. */
export interface ApiBase {
  /** Ends with a slash: paths of the API are resolved against it, without one at their beginning. */
  readonly url: URL;
  /** The login, where the address has one. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address without name and password, for reports. */
  readonly shown: string;
}

/** Splits an address into what is asked and who asks; null for what is no address on the web. */
export function apiBase(text: string): ApiBase | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) return null;
  const { username, password } = url;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  url.pathname = url.pathname.replace(/\/*$/, "/");
  return {
    url,
    headers: username === "" ? {} : { authorization: `Basic ${login.toString("base64")}` },
    shown: withoutCredentials(url.href.replace(/\/$/, "")),
  };
}
