/** Who learns the time tells the shelf anew what is needed when: what seemed days away may be due. */
import { expect, test } from 'vitest';
import { openStage } from '../../harness/agent-stage.ts';

test('a clip is wished again when the time is known, and not again while nothing changes', async () => {
  const stage = await openStage();
  stage.setTrusted(false);
  stage.setPlan([{ occurrence: 'a@1', at: 600_000 }]);
  const before = stage.wished.length;
  expect(stage.wished.at(-1)).toEqual(['a@1']);
  stage.setTrusted(true);
  expect(stage.wished).toHaveLength(before + 1);
  stage.conductor.reconsider();
  await stage.advance(60_000);
  expect(stage.wished).toHaveLength(before + 1);
});
