/**
 * Whether a server's certificate is one that the installation's own authority has issued, for a board that may not know
 * the time (DESIGN §3). OpenSSL judges first; only its complaint about a date is looked at again here, against the
 * pinned certificates alone and by what the agent itself knows of the time. Without pinned certificates nothing is
 * tolerated. Pure but for the certificates it is handed.
 */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';

/** What the agent knows of the time. */
export interface KnownTime {
  /** Server time, epoch ms. */
  ms: number;
  trusted: boolean;
  /** It is later than this for certain: the newest issue time of a signed document. */
  floorMs: number;
}

/** Before anything is known. */
export const noTime: KnownTime = { ms: 0, trusted: false, floorMs: 0 };

/** Certificates in a file: the authority and its spare. */
const pinsMax = 8;

/** Extended key usage of a TLS server, RFC 5280 §4.2.1.12. */
const serverAuthOid = '1.3.6.1.5.5.7.3.1';

const dateErrors = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']);

/** The certificates of a PEM file; throws with a reason a person can act on. */
export function parsePins(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('holds no certificate (PEM, BEGIN CERTIFICATE)');
  if (blocks.length > pinsMax) throw new Error(`holds more than ${pinsMax} certificates`);
  return blocks.map((block) => new X509Certificate(block));
}

/**
 * Why a connection is not to be used; undefined when it is good. `opensslError` is its verdict, undefined for none. A
 * certificate whose dates OpenSSL does not like must be issued by a pinned one directly: no chain is built here.
 */
export function judgeServer(options: {
  host: string;
  certificate: X509Certificate | undefined;
  opensslError: string | undefined;
  pins: readonly X509Certificate[];
  time: KnownTime;
}): string | undefined {
  const { certificate, opensslError, pins, time } = options;
  if (certificate === undefined) return 'The server shows no certificate';
  if (opensslError !== undefined && !dateErrors.has(opensslError))
    return `The server's certificate is not that of a pinned authority: ${opensslError}`;
  const issuer = pins.find((pin) => isIssuedBy(certificate, pin));
  if (opensslError !== undefined) {
    if (issuer === undefined) return "The server's certificate was not issued by a pinned authority";
    const usages: readonly string[] | undefined = certificate.keyUsage;
    if (usages !== undefined && !usages.includes(serverAuthOid)) return 'The certificate is not one of a server';
    const mismatch = checkServerIdentity(options.host, certificate.toLegacyObject());
    if (mismatch !== undefined) return mismatch.message;
  }
  return dateFault(certificate, time) ?? (issuer === undefined ? undefined : dateFault(issuer, time));
}

function isIssuedBy(certificate: X509Certificate, pin: X509Certificate): boolean {
  if (certificate.fingerprint256 === pin.fingerprint256) return true;
  return pin.ca && certificate.checkIssued(pin) && certificate.verify(pin.publicKey);
}

/** Dates as the agent knows the time; before it does, only what has certainly passed counts. */
function dateFault(certificate: X509Certificate, time: KnownTime): string | undefined {
  const fromMs = certificate.validFromDate.getTime();
  const untilMs = certificate.validToDate.getTime();
  if ((time.trusted ? Math.max(time.ms, time.floorMs) : time.floorMs) > untilMs)
    return `The server's certificate expired on ${new Date(untilMs).toISOString()}`;
  if (time.trusted && time.ms < fromMs)
    return `The server's certificate is valid only from ${new Date(fromMs).toISOString()} on`;
  return undefined;
}
