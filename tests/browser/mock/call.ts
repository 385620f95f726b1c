/** One call of the mock's API as its answers get it, and how they refuse. */
import type { ServerResponse } from 'node:http';
import type { Person, Problem } from '@loa/protocol/panel';
import type { World } from './world.ts';

/** A refusal as RFC 9457 says it. */
export class Refused extends Error {
  problem: Problem;
  constructor(status: number, code: string, vi: string, en: string) {
    super(code);
    this.problem = { type: `urn:loa:problem:${code}`, title: code, status, detail: en, code, vi, en };
  }
}

export interface Call {
  world: World;
  person: Person;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Buffer;
  response: ServerResponse;
}
