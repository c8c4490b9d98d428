export { allowedUrl, pathOn, requireAllowedHost } from "./allowed-hosts.ts";
export { type HttpAnswer, requestHttp } from "./http-request.ts";
export { NetworkError } from "./network-error.ts";
export { openSocket } from "./open-socket.ts";
export { postgresClient } from "./postgres-client.ts";
export { openWebSocket } from "./web-socket.ts";
