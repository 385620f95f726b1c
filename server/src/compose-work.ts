/**
 * Wires the work layer: makes its rooms and hands them each other's functions, as `compose.ts` does for the whole. Here
 * because tests and simulations wire the same layer with other edges.
 */
import type { StoredBulletin } from './keep/store/rows/bulletin-row.ts';
import { readNewestMs } from './keep/store/rows/document-row.ts';
import { guardClock } from './work/clock-guard.ts';
import type { Work, WorkPorts } from './work/contracts.ts';
import { createDesk } from './work/desk/desk.ts';
import { createDispatch } from './work/dispatch/dispatch.ts';
import { createEmergencies } from './work/emergencies/emergencies.ts';
import { createInbox } from './work/inbox/inbox.ts';
import { createIntake } from './work/intake/intake.ts';
import { createLawRoom } from './work/law/law-room.ts';
import { createPlanner } from './work/planner/planner.ts';
import { createRepairs } from './work/repairs/repairs.ts';
import { createRoster } from './work/roster/roster.ts';
import { createTimetables } from './work/timetables/timetables.ts';
import { createWatch } from './work/watch/watch.ts';

/** Makes the work layer; nothing runs before `start`. */
export function composeWork(machine: WorkPorts): Work {
  const guard = guardClock({
    clock: machine.clock,
    devices: () => roster.devices().length,
    log: machine.log,
    onChange: () => guard.doubt() === undefined && void catchUp(),
  });
  /** What is dated ahead makes boards distrust their own right clocks: nothing is signed before the time is confirmed. */
  const maySign = () => !['unconfirmed', 'behind-own-documents'].includes(guard.doubt() ?? '');
  const ports: WorkPorts = { ...machine, clock: guard.clock };
  const roster = createRoster(ports);
  const { areasOf, airingsChanged, faultsChanged } = roster;

  const dispatch = createDispatch({ ...ports, maySign, signalFault: (signal) => watch.signalFault(signal) });
  const { keep, send, fits } = dispatch;

  const planner = createPlanner({
    ...ports,
    keep,
    send,
    planPublished: roster.planPublished,
    maySign,
    mayAdd: () => guard.doubt() === undefined,
  });
  /** In the background: devices hold a week of plan, and a province takes a while. */
  function sweep(): void {
    planner.sweep().catch((error: unknown) => {
      ports.log('error', 'plans could not be brought up to date', { error: String(error) });
    });
  }

  let hasStarted = false;

  /** What was left undone while the clock was in question. */
  async function catchUp(): Promise<void> {
    if (!hasStarted) return;
    try {
      await dispatch.publishAll();
      await emergencies.refresh();
      await repairs.refresh({ all: true });
    } catch (error) {
      ports.log('error', 'documents could not be brought up to date', { error: String(error) });
    }
    sweep();
  }

  const bulletinChanged = async (bulletin: StoredBulletin): Promise<void> => {
    roster.bulletinChanged(bulletin);
    await watch.reconsider();
  };

  const emergencies = createEmergencies({ ...ports, keep, send, fits, bulletinChanged });

  const repairs = createRepairs({ ...ports, keep, send, fits });

  const intake = createIntake({
    ...ports,
    areasOf,
    airingsChanged,
    faultsChanged,
    repair: dispatch.repair,
    isBehind: dispatch.isBehind,
    heard: (deviceId) => watch.heard(deviceId),
    deviceSeen: roster.deviceSeen,
    progressed: roster.progressed,
    tested: roster.tested,
    answered: repairs.answered,
    clockTold: guard.heard,
    tellsTime: maySign,
  });

  const watch = createWatch({
    ...ports,
    areasOf,
    airingsChanged,
    faultsChanged,
    devices: roster.devices,
    expected: roster.expected,
    linkOf: intake.linkOf,
    witnessOf: intake.witnessOf,
    sweepPlans: planner.sweep,
    refreshOrders: async () => {
      if (!maySign()) return;
      await emergencies.refresh();
      await repairs.refresh();
    },
  });

  const { isReachable, heldPlanOf } = roster;
  const desk = createDesk({
    ...ports,
    bulletinChanged,
    replan: planner.replan,
    plansChanged: () => watch.reconsider(),
    isReachable,
    heldPlanOf,
  });

  const law = createLawRoom({
    ...ports,
    replan: planner.replan,
    plansChanged: () => watch.reconsider(),
    placesChanged: async () => {
      const movedIds = await roster.placesChanged();
      // A new area has its orders document before any device listens to it.
      await emergencies.refresh();
      await ports.placesChanged?.(movedIds);
    },
  });

  const inbox = createInbox({ ...ports, bulletinAccepted: desk.bulletinAccepted });

  const timetables = createTimetables({
    ...ports,
    makeSpeech: desk.makeSpeech,
    listClips: desk.listClips,
    bulletinAccepted: desk.bulletinAccepted,
  });

  return {
    desk,
    law,
    inbox,
    timetables,
    emergencies,
    repairs,
    planner,
    dispatch,
    intake,
    roster,
    clock: guard.clock,
    clockDoubt: guard.doubt,
    start: async () => {
      await roster.load();
      guard.notBefore(await readNewestMs(ports.store));
      await dispatch.publishAll();
      if (maySign()) {
        await emergencies.refresh();
        await repairs.refresh({ all: true });
      }
      await watch.start();
      hasStarted = true;
      sweep();
    },
    stop: async () => {
      await planner.stop();
      await watch.stop();
      await intake.stop();
    },
    deviceEnrolled: async (deviceId) => {
      await roster.deviceEnrolled(deviceId);
      await planner.replanDevices([deviceId]);
      await watch.reconsider();
    },
  };
}
