/** Which rule the other side broke, read from the codes that Node's HTTP, its TLS and `ws` give their errors. Pure. */
import { type Rule, RuleBroken } from './network.ts';

const tooLarge = new Set([
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
  'WS_ERR_TOO_MANY_BUFFERED_PARTS',
]);

/** Undefined where the line or this side failed. */
export function ruleOf(error: unknown): Rule | undefined {
  if (error instanceof RuleBroken) return error.rule;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-long';
  if (code.startsWith('HPE_')) return 'not-http';
  if (tooLarge.has(code)) return 'frame-too-large';
  if (code.startsWith('WS_ERR_')) return 'not-websocket';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'not-tls';
  // A handshake that `ws` did not take has no code.
  if (error instanceof Error && /^(Invalid Sec-|Invalid Upgrade|Server sent)/.test(error.message))
    return 'not-websocket';
  const isOfCertificate = /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code);
  return isOfCertificate ? 'certificate-not-accepted' : undefined;
}

/** The same error, as `RuleBroken` where the other side broke a rule. */
export function ruleBrokenBy(error: unknown): unknown {
  const rule = ruleOf(error);
  if (rule === undefined || error instanceof RuleBroken) return error;
  return new RuleBroken(rule, error instanceof Error ? error.message : String(error));
}
