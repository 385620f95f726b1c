/**
 * Who this device is: read from what it keeps, or made known to its server, once. Where a board waits to be enrolled the
 * invitations come from its reception; otherwise the claim code it was started with is the only one.
 */
import type { Board, Identity, Settings } from './contracts.ts';
import { retryDelayMs } from './edges/backoff.ts';
import type { Clock } from './edges/clock.ts';
import type { Network } from './edges/network.ts';
import type { Random } from './edges/random.ts';
import { enrol } from './fronts/link/enrol.ts';
import type { Arrival } from './work/arrival/arrival.ts';

/** Where invitations come from; the network is turned to the server that each names. */
export interface Reception {
  arrival: Pick<Arrival, 'receive' | 'known'>;
  turnTo: (serverUrl: string) => void;
}

export interface IdentityParts {
  edges: { clock: Clock; random: Random; network: Network };
  board: Board;
  agentVersion: string;
  claimCode?: string | undefined;
  serverUrl: string;
  reception?: Reception | undefined;
  log: (line: string) => void;
}

const withoutCode =
  'Chưa đăng ký: cần mã một lần (tệp loa-enrol.txt, lệnh enrol hoặc LOA_CLAIM_CODE). / ' +
  'Not enrolled: give this board its one-time code (file loa-enrol.txt, command enrol, or LOA_CLAIM_CODE).';

/** Between tries to enrol, while the server is not there yet. */
const enrolBackoff = { floorMs: 1_000, capMs: 60_000 };

/** Who this device is: known, or made known with the claim code, however long the server takes to answer. */
export async function identityOf(
  settings: Settings,
  options: IdentityParts,
): Promise<{ ok: true; identity: Identity; keys?: string } | { ok: false; reason: string }> {
  const known = settings.read().identity;
  if (known !== undefined) {
    options.reception?.arrival.known();
    return { ok: true, identity: known };
  }
  const { claimCode, serverUrl, edges, board, agentVersion, log } = options;
  if (options.reception !== undefined) return receive(settings, { ...options, reception: options.reception });
  if (claimCode === undefined) return { ok: false, reason: withoutCode };
  for (let attempt = 1; ; attempt += 1) {
    const { network, random } = edges;
    const answer = await enrol({ network, settings, random, board, agentVersion, serverUrl, claimCode });
    const { identity } = settings.read();
    if (answer.ok && identity !== undefined) return { ok: true, identity, keys: answer.keys };
    if (answer.ok) throw new Error('Enrolled without an identity');
    if (answer.isFinal) {
      const { vi, en } = answer.words ?? { vi: answer.reason, en: answer.reason };
      return { ok: false, reason: `Chưa đăng ký: ${vi} / Not enrolled: ${en}` };
    }
    log(`not enrolled yet: ${answer.reason}`);
    const delayMs = retryDelayMs({ backoff: enrolBackoff, attempt, fraction: random.fraction() });
    await new Promise<void>((resolve) => edges.clock.setTimer(resolve, delayMs));
  }
}

/** Enrols with whatever invitation comes, however long that takes. */
async function receive(
  settings: Settings,
  { reception, edges, board, agentVersion }: IdentityParts & { reception: Reception },
): Promise<{ ok: true; identity: Identity; keys: string }> {
  const { keys } = await reception.arrival.receive((invitation) => {
    reception.turnTo(invitation.serverUrl);
    return enrol({ network: edges.network, settings, random: edges.random, board, agentVersion, ...invitation });
  });
  const { identity } = settings.read();
  if (identity === undefined) throw new Error('Enrolled without an identity');
  return { ok: true, identity, keys };
}
