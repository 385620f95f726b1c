/** A board in shadow beside an old system plans and reports like any other, and never says that anything sounded. */

import { shadowProbe } from '@loa/device-agent/fronts/probes/shadow.ts';
import { boardOf } from '@loa/device-agent/machine.ts';
import { readSettings } from '@loa/device-agent/settings.ts';
import { expect, it } from 'vitest';
import { openStage } from '../../harness/agent-stage.ts';

const capabilitiesOf = (player: string) => {
  const read = readSettings({ LOA_AGENT_PLAYER: player });
  if (!read.ok) throw new Error(read.reason);
  return boardOf(read.settings, { stream: true, sensors: [], fitted: [] }).capabilities;
};

it('is declared by the silent player alone', () => {
  expect(capabilitiesOf('silent')).toMatchObject({ shadow: true, probes: [] });
  expect(capabilitiesOf('file').shadow).toBeUndefined();
  expect(capabilitiesOf('alsa').shadow).toBeUndefined();
});

it('plays its plan and reports it as played in shadow, twice in a row, with no fault', async () => {
  const stage = await openStage({ probes: [shadowProbe] });
  stage.setPlan([
    { occurrence: 'sang@1', at: 5_000, repeat: { count: 2, gapMs: 1_000 } },
    { occurrence: 'trua@1', at: 60_000 },
  ]);
  await stage.advance(120_000);
  for (const occurrence of ['sang@1', 'trua@1']) {
    const [end, ...more] = stage.ended(occurrence);
    expect(end).toMatchObject({ outcome: 'played', evidence: { shadow: true } });
    expect(more).toEqual([]);
  }
  expect(stage.signals.filter(({ bad, code }) => bad && code.startsWith('sound'))).toEqual([]);
  await stage.stop();
});
