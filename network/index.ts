export { allowedUrl, isLoopbackAddress, pathOn, requireAllowedHost } from "./allowed-hosts.ts";
export { type HttpAnswer, type HttpRequestOptions, requestHttp } from "./http-request.ts";
export { NetworkError, type NetworkErrorCode } from "./network-error.ts";
export { openSocket } from "./open-socket.ts";
export { openWebSocket } from "./web-socket.ts";
