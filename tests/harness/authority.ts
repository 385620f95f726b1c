/**
 * A certificate authority for a test, made by openssl in a folder that goes away with the test. Keys never leave it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether certificates can be made here; says so once where they cannot. */
export const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('LEFT OUT: no openssl on this machine: lines over TLS are not tested.');
    return false;
  }
})();

/** A server's key and certificate, PEM. */
export interface ServerPair {
  key: string;
  cert: string;
}

export interface Authority {
  /** Its own certificate, PEM, and where that lies. */
  pem: string;
  path: string;
  /** For `names` (host names or addresses); valid from yesterday for a year unless told otherwise. */
  issue(options: { names: readonly string[]; fromMs?: number; untilMs?: number; isClient?: boolean }): ServerPair;
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/** Makes an authority. */
export async function openAuthority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-authority-'));
  const at = (file: string) => join(folder, file);
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const newKey = (file: string) => run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file);
  newKey('ca.key');
  mkdirSync(at('issued'));
  writeFileSync(at('index'), '');
  writeFileSync(at('serial'), '01');
  const sign = (options: { request: string; cert: string; extensions: string; dates: string[]; isOwn?: boolean }) => {
    const settings =
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=issued\ndefault_md=sha256\npolicy=p\n' +
      `unique_subject=no\n[p]\ncommonName=supplied\n[ext]\n${options.extensions}`;
    writeFileSync(at('ca.cnf'), settings);
    const by = options.isOwn === true ? ['-selfsign'] : ['-cert', 'ca.pem'];
    const files = ['-in', options.request, '-out', options.cert, '-keyfile', 'ca.key', ...by];
    run('ca', '-batch', '-notext', '-config', 'ca.cnf', '-extensions', 'ext', ...options.dates, ...files);
  };
  run('req', '-new', '-key', 'ca.key', '-subj', `/CN=${name}`, '-out', 'ca.csr');
  const own = { request: 'ca.csr', cert: 'ca.pem', isOwn: true };
  const extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
  sign({ ...own, extensions, dates: datesOf(Date.now() - 1_000 * dayMs, Date.now() + 3_650 * dayMs) });
  let count = 0;
  return {
    pem: readFileSync(at('ca.pem'), 'utf8'),
    path: at('ca.pem'),
    issue({ names, fromMs = Date.now() - dayMs, untilMs = Date.now() + 365 * dayMs, isClient = false }) {
      count += 1;
      const [key, request, cert] = [`s${count}.key`, `s${count}.csr`, `s${count}.pem`];
      newKey(key);
      run('req', '-new', '-key', key, '-subj', `/CN=server ${count}`, '-out', request);
      const kinds = names.map((each) => `${/^[\d.]+$/.test(each) ? 'IP' : 'DNS'}:${each}`).join(',');
      const use = isClient ? 'clientAuth' : 'serverAuth';
      const extensions = `subjectAltName=${kinds}\nextendedKeyUsage=${use}\nbasicConstraints=CA:FALSE\n`;
      sign({ request, cert, extensions, dates: datesOf(fromMs, untilMs) });
      return { key: readFileSync(at(key), 'utf8'), cert: readFileSync(at(cert), 'utf8') };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function datesOf(fromMs: number, untilMs: number): string[] {
  return ['-startdate', stamp(fromMs), '-enddate', stamp(untilMs)];
}

/** `YYYYMMDDHHMMSSZ`. */
function stamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
