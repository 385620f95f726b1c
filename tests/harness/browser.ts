/**
 * Opens a Chromium for tests: the system's when there is one, else the one that the registry brings. Each has a folder
 * of its own, so that two at once, or an older one left behind, cannot disturb it.
 */
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** An open browser; `close` also removes what it left on disk. */
export interface OpenBrowser {
  browser: Browser;
  /** Where it was found, for the report. */
  path: string;
  close(): Promise<void>;
}

type Environment = Record<string, string | undefined>;

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;
const systemFonts = '/etc/fonts/fonts.conf';

/**
 * A closed network must not slow a test, root has no sandbox, and a sound must play without a hand. Pages are forked from
 * a zygote and a full browser draws no web pages of its own beside them: either would cost each page half as much again.
 */
const switches = [
  '--no-sandbox',
  '--disable-features=PreloadTopChromeWebUI,InitialWebUI,WebUIReloadButton',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
];

/** Opens a headless Chromium; throws when none can be had. `CHROMIUM_PATH` names another one. */
export async function openBrowser(): Promise<OpenBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'loa-browser-'));
  const system = process.env.CHROMIUM_PATH ?? (await firstFound(systemPaths));
  const { path, environment } = system === undefined ? await unpack(home) : { path: system, environment: {} };
  const browser = await chromium.launch({
    executablePath: path,
    args: switches,
    env: { ...process.env, ...environment, TMPDIR: home, HOME: home },
  });
  return {
    browser,
    path,
    close: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/**
 * The registry's Chromium in `home`, with its own libraries, which @sparticuz/chromium only unpacks where it believes
 * itself on Lambda. It changes this process's environment while it does so; that is put back.
 */
async function unpack(home: string): Promise<{ path: string; environment: Environment }> {
  const former = { ...process.env };
  process.env.TMPDIR = home;
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x';
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    const path = await packed.executablePath();
    const hasFonts = (await firstFound([systemFonts])) !== undefined;
    return {
      path,
      environment: {
        LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
        ...(hasFonts ? {} : { FONTCONFIG_PATH: join(home, 'fonts') }),
      },
    };
  } finally {
    for (const name of ['TMPDIR', 'AWS_EXECUTION_ENV', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME']) {
      if (former[name] === undefined) delete process.env[name];
      else process.env[name] = former[name];
    }
  }
}

async function firstFound(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await access(path);
      return path;
    } catch {
      // Not here; the next one may be.
    }
  }
  return undefined;
}
