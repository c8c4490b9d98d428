import { z } from "zod";
import { importOptional } from "../installation/index.ts";
import { SIGSTORE } from "./sigstore.ts";
import { PAYLOAD_TYPE, type Statement, statementShape } from "./statement.ts";
import { type TrustedKey, type TrustedKeys, whyNotValid } from "./trusted-keys.ts";

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
/** `application/vnd.dev.sigstore.bundle.v0.3+json` as the library parses it, and only what kanit writes into it. */
const bundleShape = z.object({
  mediaType: z.string(),
  verificationMaterial: z.object({ publicKey: z.object({ hint: z.string() }) }),
  dsseEnvelope: z.object({
    payload: z.string(),
    payloadType: z.string(),
    signatures: z.array(z.object({ sig: z.string() })),
  }),
});

/** What a bundle was found to be. */
export type BundleReading =
  /** A known key signed it when it was valid. */
  | {
      readonly kind: "signed";
      readonly key: TrustedKey;
      readonly statement: Statement;
      readonly atMs: number;
    }
  /** The statement can be read, and nobody known signed it. */
  | { readonly kind: "unknown-key"; readonly keyId: string; readonly statement: Statement }
  | { readonly kind: "refused"; readonly why: string };

/** What a statement has to be, besides signed. */
export interface Expected {
  readonly predicateType: string;
  /** When the statement says that it was made; null when it does not say so. */
  readonly timeOf: (statement: Statement) => number | null;
  /** Now, by the verifier's clock: nothing is signed in the future. */
  readonly nowMs: number;
}

/** Clocks of different machines differ. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

/**
 * Verifies one bundle: media type, payload type, key, signature, statement, predicate type, and the time against the
 * key's. What the statement is about is the caller's to compare. Never uses a network.
 */
export async function verifyBundle(
  text: string,
  keys: TrustedKeys,
  expected: Expected,
): Promise<BundleReading> {
  const opened = openBundle(text);
  if ("why" in opened) return { kind: "refused", why: opened.why };
  const { keyId, statement } = opened;
  if (statement.predicateType !== expected.predicateType) {
    return refused(`has the predicate type ${statement.predicateType}, not ${expected.predicateType}`);
  }
  const key = keys.byId.get(keyId);
  if (key === undefined) return { kind: "unknown-key", keyId, statement };
  const wrong = await whyWrongSignature(text, key);
  if (wrong !== null) return refused(wrong);
  const atMs = expected.timeOf(statement);
  if (atMs === null) return refused("states no time");
  if (atMs > expected.nowMs + CLOCK_DIFFERENCE_MS) return refused("was signed in the future");
  const notValid = whyNotValid(key, atMs);
  if (notValid !== null) return refused(`the key of ${key.person} ${notValid}`);
  return { kind: "signed", key, statement, atMs };
}

function refused(why: string): BundleReading {
  return { kind: "refused", why };
}

type OpenedBundle = { readonly keyId: string; readonly statement: Statement } | { readonly why: string };

/** Reads a bundle without checking its signature. */
function openBundle(text: string): OpenedBundle {
  const parsed = bundleShape.safeParse(parseJson(text));
  if (!parsed.success) return { why: "is no Sigstore bundle with a DSSE envelope and a public key" };
  const { mediaType, dsseEnvelope, verificationMaterial } = parsed.data;
  if (mediaType !== MEDIA_TYPE) return { why: `has the media type ${mediaType}, not ${MEDIA_TYPE}` };
  const { payload, payloadType, signatures } = dsseEnvelope;
  if (payloadType !== PAYLOAD_TYPE)
    return { why: `has the payload type ${payloadType}, not ${PAYLOAD_TYPE}` };
  if (signatures.length !== 1) return { why: `has ${signatures.length} signatures, not 1` };
  const statement = statementShape.safeParse(parseJson(Buffer.from(payload, "base64").toString("utf8")));
  if (!statement.success) {
    return { why: `has no in-toto statement: ${z.prettifyError(statement.error).split("\n", 1)[0]}` };
  }
  return { keyId: verificationMaterial.publicKey.hint, statement: statement.data };
}

async function whyWrongSignature(text: string, key: TrustedKey): Promise<string | null> {
  const [verification, { bundleFromJSON }] = await importOptional(SIGSTORE, () =>
    Promise.all([import("@sigstore/verify"), import("@sigstore/bundle")]),
  );
  const { Verifier, toSignedEntity } = verification;
  // Without authorities and logs: the key alone is trusted, and its time is checked by `whyNotValid`.
  const trust = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey: key.publicKey, validFor: () => true }),
  };
  try {
    const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
    verifier.verify(toSignedEntity(bundleFromJSON(parseJson(text))));
    return null;
  } catch (error) {
    return `its signature is not by the key of ${key.person}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `undefined` is no JSON value, so the shape refuses it.
    return undefined;
  }
}
