import { z } from "zod";

const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

const digestShape = z.record(z.string().regex(/^[A-Za-z0-9]{1,40}$/), z.string().regex(/^[0-9a-f]{8,128}$/));

/**
 * An in-toto statement. Strict: what a verifier does not know may change what the rest means, and somebody else's
 * verifier may see it.
 */
export const statementShape = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.strictObject({ name: z.string(), digest: digestShape })).min(1),
  predicateType: z.string().min(1),
  predicate: z.record(z.string(), z.unknown()),
});

/** An in-toto statement: something that is said about files, which are named by their digests. */
export type Statement = z.infer<typeof statementShape>;

/** What a statement is about. */
export type Subject = Statement["subject"][number];

/** Makes a statement about subjects. */
export function statementOf(
  subject: readonly Subject[],
  predicateType: string,
  predicate: Statement["predicate"],
): Statement {
  return { _type: STATEMENT_TYPE, subject: [...subject], predicateType, predicate };
}

/** A statement as it is signed. */
export function encodeStatement(statement: Statement): Buffer {
  return Buffer.from(`${JSON.stringify(statement, null, 2)}\n`, "utf8");
}
