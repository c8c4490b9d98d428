import { spawn } from "node:child_process";
import { type KeyObject, verify } from "node:crypto";
import { UnavailableError } from "../core/index.ts";
import { keyIdOf } from "./key-pair.ts";
import type { StatementSigner } from "./signer.ts";

const SIGNATURE_BYTES = 64;
const MOST_OUTPUT_BYTES = 4_096;

export interface SignerCommand {
  /** The program and its arguments; no shell reads them. */
  readonly words: readonly [string, ...string[]];
  readonly publicKey: KeyObject;
  readonly timeLimitMs: number;
}

/**
 * A signer whose key lies elsewhere: on a hardware token, at a cloud provider. The program gets the bytes to sign at
 * its standard input and writes the signature to its standard output: 64 bytes, or their Base64.
 */
export function commandSigner(command: SignerCommand): StatementSigner {
  const { publicKey } = command;
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: async (bytes) => {
      const output = await run(command, bytes);
      const signature = signatureIn(output);
      // A program that signs with another key would be found out only by those who verify, much later.
      if (signature !== null && verify(null, bytes, publicKey, signature)) return signature;
      throw failure(command, signature === null ? `${output.length} bytes` : "one of another key");
    },
  };
}

function signatureIn(output: Buffer): Buffer | null {
  if (output.length === SIGNATURE_BYTES) return output;
  const decoded = Buffer.from(output.toString("latin1").trim(), "base64");
  return decoded.length === SIGNATURE_BYTES ? decoded : null;
}

async function run(command: SignerCommand, input: Buffer): Promise<Buffer> {
  const [program, ...words] = command.words;
  const child = spawn(program, words, {
    stdio: ["pipe", "pipe", "inherit"],
    timeout: command.timeLimitMs,
    killSignal: "SIGKILL",
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_OUTPUT_BYTES) chunks.push(chunk);
    else child.kill("SIGKILL");
  });
  // It may end without having read all: then its exit code or its signature says so.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(input);
  const ending = await new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code === 0 ? null : `exit ${code ?? signal}`));
  });
  if (ending !== null) throw failure(command, ending);
  return Buffer.concat(chunks);
}

function failure({ words, timeLimitMs }: SignerCommand, received: string): UnavailableError {
  return new UnavailableError({
    code: "signer-failed",
    message: `Expected a signature of the given public key from ${words[0]} within ${timeLimitMs} ms, got ${received}.`,
    nextStep:
      "The program reads the bytes at standard input and writes 64 bytes, or their Base64, to standard output.",
  });
}
