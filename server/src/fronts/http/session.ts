/**
 * Who sends this request? The session cookie, and the check that a change comes from the panel itself and not from
 * another site's page in the same browser: `SameSite=Strict`, and a header that a foreign form cannot set.
 */
import type { Person } from '@loa/protocol/panel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpPorts } from './ports.ts';

/** The cookie that carries a sign-in; `HttpOnly`, so that no script reads it. */
export const sessionCookie = 'loa_session';

/** Seen by the API and its live feed only. */
const cookiePath = '/api';

/** The sign-in token of a request, if it carries one. */
export function tokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookie];
}

/** The person a request speaks for. */
export async function personOf(request: FastifyRequest, people: HttpPorts['people']): Promise<Person | undefined> {
  const token = tokenOf(request);
  return token === undefined ? undefined : people.personOf(token);
}

/** Gives the browser its sign-in. `Secure` only when it was reached by https, else a LAN panel could not sign in. */
export function keepToken(
  room: { request: FastifyRequest; reply: FastifyReply },
  signIn: { token: string; expiresMs: number },
): void {
  room.reply.setCookie(sessionCookie, signIn.token, {
    path: cookiePath,
    httpOnly: true,
    sameSite: 'strict',
    secure: room.request.protocol === 'https',
    expires: new Date(signIn.expiresMs),
  });
}

/** Takes the sign-in from the browser. */
export function dropToken(reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, { path: cookiePath });
}

/** True for reads, and for changes that show they were sent by the panel or a program, not by a foreign page. */
export function isSenderShown(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  if (request.headers['x-loa'] === '1') return true;
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
