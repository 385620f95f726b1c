/**
 * Who may ask the board's own page for what: reading for everybody under the pole, enrolling while nobody has, all else
 * refused. Trusts no name it does not know (a foreign page could bring one), no form that is not its own.
 */
import { isIP } from 'node:net';
import type { Clock } from '../../edges/clock.ts';
import type { LocalAnswer, LocalRequest } from '../../edges/listener.ts';
import type { Random } from '../../edges/random.ts';
import type { PoleState } from '../../pole-state.ts';
import type { Arrival } from '../../work/arrival/arrival.ts';
import { readNote } from '../../work/arrival/enrol-note.ts';
import { enrolProblemWords, type Words } from '../../work/words.ts';
import { createFormGuard } from './form-guard.ts';
import { pageHeaders } from './html.ts';
import { type EnrolForm, refusalPage, statePage } from './pages.ts';

/** Names under which the board is called besides its addresses; a phone's camera opens the link with one of them. */
const ownNames = new Set(['localhost', 'loa.local', 'loa.lan']);

export interface LocalDoorParts {
  clock: Clock;
  random: Random;
  state: () => PoleState;
  /** Told in the environment; then the form asks for the code alone. */
  knownServer: string | undefined;
  arrival: Pick<Arrival, 'offer' | 'state'>;
  log: (line: string) => void;
}

/** Answers one request. */
export function createLocalDoor(parts: LocalDoorParts): (request: LocalRequest) => LocalAnswer {
  const { arrival, knownServer } = parts;
  const guard = createFormGuard(parts);

  function show(status: number, more: Partial<EnrolForm> = {}): LocalAnswer {
    const { phase } = arrival.state();
    const form = phase === 'enrolled' ? undefined : { seal: guard.seal(), knownServer, ...more };
    // While it tries, the answer comes by itself soon; a form half filled in must not go away under the fingers.
    const again = phase === 'trying' && more.problem === undefined ? { refresh: '4' } : {};
    return { status, headers: { ...pageHeaders, ...again }, body: statePage(parts.state(), form) };
  }

  function enrol({ origin, host, contentType, body }: LocalRequest): LocalAnswer {
    if (arrival.state().phase === 'enrolled') return refuse(405, refusals.enrolled, { allow: 'GET, HEAD' });
    if (origin !== `http://${host}` || contentType?.split(';')[0] !== 'application/x-www-form-urlencoded')
      return refuse(403, refusals.foreign);
    const fields = new URLSearchParams(body);
    if (!guard.isSealed(fields.get('seal') ?? '')) return refuse(403, refusals.stale);
    if (!guard.take()) return refuse(429, refusals.tooOften, { 'retry-after': '20' });
    const typed = {
      code: (fields.get('code') ?? '').slice(0, 400),
      server: (fields.get('server') ?? '').slice(0, 200),
    };
    const note = readNote(typed.code, { knownServer: knownServer ?? (typed.server.trim() || undefined) });
    if (!note.ok) return show(422, { typed, problem: enrolProblemWords[note.problem] });
    // What the board was told by its owner comes before what a paper says.
    const serverUrl = knownServer ?? note.invitation.serverUrl;
    const offered = arrival.offer({ ...note.invitation, serverUrl });
    if (!offered.ok) return refuse(409, refusals[offered.reason]);
    parts.log('A code was typed in on the local page.');
    return { status: 303, headers: { ...pageHeaders, location: '/' }, body: '' };
  }

  return (request) => {
    if (!isOwnHost(request.host)) return refuse(421, refusals.otherName);
    const [path] = request.target.split('?');
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && (path === '/' || path === '/enrol')) return show(200);
    if (request.method === 'POST' && path === '/enrol') return enrol(request);
    if (path === '/' || path === '/enrol') return refuse(405, refusals.unknown, { allow: 'GET, HEAD' });
    return refuse(404, refusals.unknown);
  };
}

/** An address, or a name of our own: a name that another's name server points here is neither (DNS rebinding). */
function isOwnHost(host: string | undefined): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(:\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
  return name !== undefined && (ownNames.has(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0);
}

function refuse(status: number, words: Words, headers: Record<string, string> = {}): LocalAnswer {
  return { status, headers: { ...pageHeaders, ...headers }, body: refusalPage(words) };
}

const refusals = {
  enrolled: { vi: 'Thiết bị đã đăng ký rồi.', en: 'This board is enrolled already.' },
  busy: { vi: 'Thiết bị đang thử một mã. Hãy đợi nửa phút.', en: 'The board is trying a code. Wait half a minute.' },
  foreign: { vi: 'Mẫu này không phải của thiết bị.', en: 'This form is not one of the board.' },
  stale: {
    vi: 'Trang đã cũ. Hãy mở lại và nhập lại.',
    en: 'The page is too old. Open it again and type the code again.',
  },
  tooOften: { vi: 'Quá nhiều lần thử. Hãy đợi một phút.', en: 'Too many tries. Wait a minute.' },
  otherName: { vi: 'Hãy gõ địa chỉ bằng số của thiết bị.', en: 'Open the board by its address in numbers.' },
  unknown: { vi: 'Không có trang này.', en: 'There is no such page.' },
} satisfies Record<string, Words>;
