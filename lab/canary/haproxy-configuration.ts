import type { ClientMode } from "./canary-options.ts";

/** HAProxy's names of the backend and of the servers behind it. */
export const BACKEND = "platform";
export const SERVERS = { stable: "stable", candidate: "candidate" } as const;

export interface HaproxySettings {
  /** The path of the socket of the runtime API. */
  readonly socket: string;
  readonly port: number;
  readonly clients: ClientMode;
  /** The path that tells whether an arm works. */
  readonly health: string;
  /** `host:port` of each arm. */
  readonly stable: string;
  readonly candidate: string;
}

const COOKIE = "kanit-arm";

/**
 * What HAProxy is told. The candidate gets nothing until its share is set. Requests go round by weights, which is exact
 * at every moment; `random` is not: it draws from a ring on which a server has its part only about.
 */
export function haproxyConfiguration(settings: HaproxySettings): string {
  const { socket, port, clients, health, stable, candidate } = settings;
  const cookie = (name: string) => (clients === "cookie" ? ` cookie ${name}` : "");
  return [
    "global",
    `  stats socket ${socket} mode 600 level admin`,
    "  stats timeout 30s",
    "  nbthread 1",
    "  maxconn 1000",
    "defaults",
    "  mode http",
    "  timeout connect 1s",
    "  timeout client 1m",
    "  timeout server 1m",
    "  timeout tunnel 1h",
    "  timeout check 5s",
    // Only what was never sent is sent elsewhere: an order that an arm may have taken is not repeated.
    "  retries 2",
    "  retry-on conn-failure",
    "  option redispatch 1",
    "frontend front",
    `  bind 127.0.0.1:${port}`,
    `  default_backend ${BACKEND}`,
    `backend ${BACKEND}`,
    ...(clients === "source" ? ["  balance source", "  hash-type consistent"] : ["  balance roundrobin"]),
    ...(clients === "cookie" ? [`  cookie ${COOKIE} insert indirect nocache httponly`] : []),
    "  option httpchk",
    // A platform may refuse what names another host than this machine, or none.
    `  http-check send meth GET uri ${health} ver HTTP/1.1 hdr Host 127.0.0.1`,
    "  default-server check inter 500ms fall 3 rise 1",
    `  server ${SERVERS.stable} ${stable} weight 100${cookie("s")}`,
    `  server ${SERVERS.candidate} ${candidate} weight 0 disabled${cookie("c")}`,
    "",
  ].join("\n");
}
