/** What a parser gives instead of a result when the bytes are not what they should be. Never thrown. */
export class Unreadable {
  /** For a person: `a request line was expected`. */
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

const TLS_HANDSHAKE = 0x16;
const TLS_APPLICATION_DATA = 0x17;
const TLS_MAJOR_VERSION = 3;

/** Whether these bytes begin a TLS record (RFC 8446, 5.1), of a handshake or, on an open connection, of its data. */
export function beginsTls(bytes: Buffer): boolean {
  const [type, major] = bytes;
  if (type === TLS_HANDSHAKE) return major === undefined || major === TLS_MAJOR_VERSION;
  return type === TLS_APPLICATION_DATA && major === TLS_MAJOR_VERSION;
}
