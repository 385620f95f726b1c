/** Which release this program is: as the launcher says, or as its package does when nobody launched it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a source checkout says of itself, which belongs to no release. */
export const checkoutVersion = '0.1.0';

/** As the protocol has it. */
const versionMax = 40;

/** The version of the running release, for people; `checkoutVersion` outside a package. */
export function releaseVersion(
  environment: Readonly<Record<string, string | undefined>>,
  packageFolder: string = import.meta.dirname,
): string {
  const version = environment.LOA_RELEASE_VERSION ?? packagedVersion(packageFolder) ?? checkoutVersion;
  return version.slice(0, versionMax);
}

function packagedVersion(folder: string): string | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(join(folder, 'loa-agent.json'), 'utf8'));
    const isNamed = typeof found === 'object' && found !== null && 'version' in found;
    return isNamed && typeof found.version === 'string' ? found.version : undefined;
  } catch {
    return undefined;
  }
}
