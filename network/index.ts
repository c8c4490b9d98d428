export { allowedUrl, isLoopbackHost, pathOn, requireAllowedHost } from "./allowed-hosts.ts";
export { apiBase } from "./api-base.ts";
export { MAX_BODY_BYTES, MAX_PAGE_BYTES } from "./body-limits.ts";
export { type DatabaseTls, TLS_MODES, withTls } from "./database-tls.ts";
export { askHaproxy, HAPROXY_DEADLINE_MS } from "./haproxy/haproxy-runtime.ts";
export { type HaproxyServer, readServers } from "./haproxy/haproxy-servers.ts";
export {
  type HaproxyArms,
  readHaproxyShare,
  setHaproxyShare,
  shareCommands,
} from "./haproxy/haproxy-share.ts";
export { type HttpAnswer, requestHttp } from "./http-request.ts";
export { NetworkError } from "./network-error.ts";
export { openSocket } from "./open-socket.ts";
export { type PostgresSocket, postgresClient, postgresSocketClient } from "./postgres-client.ts";
export { readBody } from "./read-body.ts";
export { openWebSocket } from "./web-socket.ts";
export { withoutCredentials } from "./without-credentials.ts";
