/** The result of a parser for invalid bytes. It is returned, never thrown. */
export class Unreadable {
  /** The reason as text: `a request line was expected`. */
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
