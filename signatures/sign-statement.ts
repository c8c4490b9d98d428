import { importOptional } from "../installation/index.ts";
import { pemOf } from "./key-pair.ts";
import type { StatementSigner } from "./signer.ts";
import { SIGSTORE } from "./sigstore.ts";
import { encodeStatement, PAYLOAD_TYPE, type Statement } from "./statement.ts";

/**
 * Signs a statement: a DSSE envelope in a Sigstore bundle, as text. No network: time stamps and transparency logs would
 * need one, so the time that a statement states is the signer's own word.
 */
export async function signStatement(statement: Statement, signer: StatementSigner): Promise<string> {
  const [{ DSSEBundleBuilder }, { bundleToJSON }] = await importOptional(SIGSTORE, () =>
    Promise.all([import("@sigstore/sign"), import("@sigstore/bundle")]),
  );
  const builder = new DSSEBundleBuilder({
    witnesses: [],
    signer: {
      sign: async (bytes) => ({
        signature: await signer.sign(bytes),
        key: { $case: "publicKey", publicKey: pemOf(signer.publicKey), hint: signer.keyId },
      }),
    },
  });
  const bundle = await builder.create({ data: encodeStatement(statement), type: PAYLOAD_TYPE });
  // Go's DSSE libraries, cosign's among them, pass over a signature whose key id is not made in their way; one without
  // an id they try. The hint in the verification material names the key.
  for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = "";
  return `${JSON.stringify(bundleToJSON(bundle))}\n`;
}
