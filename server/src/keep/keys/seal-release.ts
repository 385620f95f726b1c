/**
 * Signs a release of the agent by the root key, which is on paper and comes in for this one signature: whoever has the
 * server's signing key can tell devices what to play, never what to run.
 */
import { deviceProtocolVersion, type Release, releaseSchema, seal } from '@loa/protocol/device';
import { accept, type Result } from '../../refusal.ts';
import type { KeyFolder } from './key-files.ts';
import { rootKeyFromPaper } from './signing-keys.ts';

/** The `loa-release` envelope; refuses a root key that is misread or another installation's. Throws on a bad release. */
export async function sealRelease(
  place: KeyFolder & { rootSeedText: string; release: Omit<Release, 'kind' | 'v'> },
): Promise<Result<string>> {
  const root = await rootKeyFromPaper(place);
  if (!root.ok) return root;
  const payload: Release = { kind: 'release', v: deviceProtocolVersion, ...place.release };
  return accept(seal({ payload: releaseSchema.parse(payload), key: root.value, type: 'loa-release' }));
}
