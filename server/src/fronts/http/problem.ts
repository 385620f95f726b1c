/**
 * How does a refusal look on the wire? As RFC 9457 problem details with a sentence in both languages. This file alone
 * turns a refusal into bytes; it never decides that something is refused, and nothing internal passes through it.
 */
import { STATUS_CODES } from 'node:http';
import type { Problem } from '@loa/protocol/panel';
import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../refusal.ts';

/** RFC 9457 §3. */
export const problemType = 'application/problem+json';

/** A refusal as an HTTP front may make it: the rooms' own, and those that only HTTP knows. */
export type HttpRefusal = Omit<Refusal, 'status'> & { status: Refusal['status'] | 405 | 406 | 408 | 414 | 431 | 500 };

/** The problem details of a refusal. */
export function problemOf(refusal: HttpRefusal): Problem {
  return {
    type: `urn:loa:problem:${refusal.code}`,
    title: STATUS_CODES[refusal.status] ?? 'Refused',
    status: refusal.status,
    detail: refusal.en,
    code: refusal.code,
    vi: refusal.vi,
    en: refusal.en,
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
  };
}

/** Answers with a refusal. */
export function sendProblem(reply: FastifyReply, refusal: HttpRefusal): FastifyReply {
  return reply
    .code(refusal.status)
    .header('cache-control', 'no-store')
    .type(problemType)
    .send(JSON.stringify(problemOf(refusal)));
}
