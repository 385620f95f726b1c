/**
 * A release of the agent as it travels: the gzipped bundle by its hash, named in an envelope that only the root key
 * signs. The key lies on paper: it is typed for this one signature and forgotten. Unpacks nothing.
 */
import { createHash } from 'node:crypto';
import { type PublicKey, type Release, releaseSchema } from './documents.ts';
import { type EnvelopeRefusal, keyFromSeed, open, seal } from './envelope.ts';
import { deviceProtocolVersion, releaseBytesMax } from './limits.ts';

/** What is signed and by whom. */
export interface ReleaseToSeal {
  /** The bundle, gzipped, as devices will fetch it. */
  bundle: Uint8Array;
  /** At least 1, greater than that of every release before. */
  number: number;
  /** For people, at most 40 characters. */
  version: string;
  /** The 32 bytes of the root key. */
  rootSeed: Uint8Array;
}

/** The envelope that an update order carries, and what it says. Throws when the bundle is empty or too large. */
export function sealRelease({ bundle, number, version, rootSeed }: ReleaseToSeal): { text: string; release: Release } {
  if (bundle[0] !== 0x1f || bundle[1] !== 0x8b) throw new Error('The bundle is not gzipped');
  if (bundle.length > releaseBytesMax) throw new Error(`A release has at most ${releaseBytesMax} bytes`);
  const hash = createHash('sha256').update(bundle).digest('hex');
  const release = releaseSchema.parse({
    kind: 'release',
    v: deviceProtocolVersion,
    number,
    version,
    hash,
    sizeBytes: bundle.length,
  });
  return { text: seal({ payload: release, key: keyFromSeed(rootSeed), type: 'loa-release' }), release };
}

export type OpenedRelease = { ok: true; release: Release } | { ok: false; reason: EnvelopeRefusal | 'not-understood' };

/** What a release's envelope says, when the root key pinned at enrolment signed it. */
export function openRelease({ text, rootKey }: { text: string; rootKey: PublicKey }): OpenedRelease {
  const opened = open({ text, keys: [rootKey], type: 'loa-release' });
  if (!opened.ok) return opened;
  const parsed = releaseSchema.safeParse(opened.payload);
  return parsed.success ? { ok: true, release: parsed.data } : { ok: false, reason: 'not-understood' };
}
