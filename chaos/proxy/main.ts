import { setFlagsFromString } from "node:v8";

// Almost everything the proxy allocates lives only as long as one message. By default V8 lets the space for
// new objects grow during start-up and keeps it. This flag, set before anything else loads, keeps that space
// at its initial megabyte: it saves a third of the proxy's memory under load and costs no time.
setFlagsFromString("--semi-space-growth-factor=1");
await import("./program.ts");
