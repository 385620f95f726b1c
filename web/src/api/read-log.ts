/** The log a device sent, as text: the one answer of the API that is no JSON. Throws `CallFailed`, as `ask` does. */
import { addressOf, CallFailed, ownHeaders, parseAnswer } from './call.ts';

export async function readDeviceLog(serviceId: string): Promise<string> {
  let response: Response;
  try {
    const headers = { ...ownHeaders, accept: 'text/plain, application/problem+json' };
    response = await fetch(addressOf('deviceLog', { id: serviceId }), { headers, credentials: 'same-origin' });
  } catch {
    throw new CallFailed({ kind: 'network' });
  }
  const text = await response.text();
  if (response.ok) return text;
  const answer = parseAnswer('deviceLog', { status: response.status, text });
  throw new CallFailed(answer.ok ? { kind: 'unreadable' } : answer.failure);
}
