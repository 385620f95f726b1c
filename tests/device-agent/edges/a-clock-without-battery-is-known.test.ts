/** What Linux shows of the board's clock and of its sound card is read for what it is, on folders like Linux's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepsTime } from '@loa/device-agent/edges/battery.ts';
import { readCardPlace } from '@loa/device-agent/edges/card-place.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const wallMs = Date.parse('2026-11-25T05:00:00+07:00');
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-board-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('the time is kept', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['by a clock that agrees with the system', { rtc0: `${wallMs / 1_000 - 40}\n` }, true],
    ['by the second one, where the first has no battery', { rtc0: '73\n', rtc1: `${wallMs / 1_000 + 2}\n` }, true],
    ['by none whose battery is empty, though the system goes on from where it ended', { rtc0: '946684920\n' }, false],
    ['by none that says nothing', { rtc0: '' }, false],
  ])('%s', (name, clocks, isKept) => {
    const folder = name.replaceAll(/[^a-z]/g, '');
    for (const [clock, text] of Object.entries(clocks)) file(`${folder}/${clock}/since_epoch`, text);
    expect(keepsTime({ root: join(root, folder), wallMs })).toBe(isKept);
  });

  it('by none where there is none', () => {
    expect(keepsTime({ root: join(root, 'nowhere'), wallMs })).toBe(false);
  });
});

describe('a card’s place', () => {
  const status = (pid: number, state: string, frames: number) =>
    `state: ${state}\nowner_pid   : ${pid}\ntrigger_time: 120.5\ntstamp      : 130.5\ndelay       : 3840\n-----\nhw_ptr      : ${frames}\nappl_ptr    : ${frames + 3_840}\n`;
  const format = (rate: number) =>
    `access: RW_INTERLEAVED\nformat: S16_LE\nrate: ${rate} (${rate}/1)\nperiod_size: 960\n`;

  it('is that of the output which the process holds, at our rate', () => {
    file('asound/cards', '');
    file('asound/card0/pcm0p/sub0/status', 'closed\n');
    file('asound/card1/pcm0c/sub0/status', status(41, 'RUNNING', 1));
    file('asound/card1/pcm0p/sub0/status', status(40, 'RUNNING', 96_000));
    file('asound/card1/pcm0p/sub0/hw_params', format(48_000));
    file('asound/card1/pcm1p/sub0/status', status(41, 'RUNNING', 44_100));
    file('asound/card1/pcm1p/sub0/hw_params', format(44_100));
    const place = (pid: number) => readCardPlace(pid, 48_000, join(root, 'asound'));
    expect(place(40)).toBe(96_000);
    expect(place(41)).toBe(48_000);
    expect(place(42)).toBeUndefined();
  });

  it('is unknown while it does not run, and where there is no card', () => {
    file('idle/card0/pcm0p/sub0/status', status(40, 'XRUN', 96_000));
    file('idle/card0/pcm0p/sub0/hw_params', format(48_000));
    expect(readCardPlace(40, 48_000, join(root, 'idle'))).toBeUndefined();
    expect(readCardPlace(40, 48_000, join(root, 'nowhere'))).toBeUndefined();
  });
});
