/** What the mock says of approval: who waits, what a leader decides, and the switch of the rule itself. */
import { api, type BulletinView, type Person } from '@loa/protocol/panel';
import { nextInstantOf } from '@loa/schedules';
import { type Call, Refused } from './call.ts';
import { inboxAnswers } from './inbox-answers.ts';
import { type MockBulletin, timeZone } from './town.ts';
import type { World } from './world.ts';

/** True when what this person sends waits for a leader. */
export function isAsked(world: World, person: Person): boolean {
  return !person.rights.includes('approve') && world.needsApproval(person.areaId);
}

/** The bulletin as that person sees it. */
export function viewFor(world: World, person: Person, bulletin: MockBulletin): BulletinView {
  const mayDecide =
    bulletin.standing === 'submitted' &&
    bulletin.withdrawnMs === undefined &&
    person.rights.includes('approve') &&
    bulletin.createdBy !== person.name;
  return { ...world.view(bulletin), ...(mayDecide ? { mayDecide } : {}) };
}

function submitted({ world, person, params }: Call): MockBulletin {
  const bulletin = world.bulletins.find((one) => one.id === params.id);
  if (bulletin === undefined) throw new Refused(404, 'unknown-bulletin', 'Không có bản tin này.', 'No such bulletin.');
  if (viewFor(world, person, bulletin).mayDecide !== true) {
    throw new Refused(
      409,
      'not-submitted',
      'Bản tin này không còn chờ duyệt. Hãy tải lại trang để xem.',
      'This bulletin waits for no approval any more. Reload the page to see why.',
    );
  }
  return bulletin;
}

export const approvalAnswers = {
  approveBulletin: (call: Call) => {
    const { world, person } = call;
    const bulletin = submitted(call);
    const isAhead = bulletin.whens.some((when) => nextInstantOf(when, timeZone, world.nowMs()) !== undefined);
    if (bulletin.isNow !== true && !isAhead) {
      throw new Refused(
        422,
        'past-time',
        'Giờ này đã qua. Hãy chọn giờ muộn hơn, hoặc chọn “Phát ngay”.',
        'This time has passed. Choose a later one, or “play now”.',
      );
    }
    world.decide(bulletin, { by: person.name });
    return viewFor(world, person, bulletin);
  },
  returnBulletin: (call: Call) => {
    const { reason } = api.returnBulletin.body.parse(JSON.parse(call.body.toString('utf8')));
    const bulletin = submitted(call);
    call.world.decide(bulletin, { by: call.person.name, reason });
    return viewFor(call.world, call.person, bulletin);
  },
  makeChange: (call: Call) => {
    const { change } = api.makeChange.body.parse(JSON.parse(call.body.toString('utf8')));
    if (change.kind === 'approval') call.world.approvals.set(change.areaId, change.isNeeded);
    return inboxAnswers.makeChange(call);
  },
};
