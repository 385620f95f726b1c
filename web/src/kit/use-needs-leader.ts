/** Whether what the signed-in person sends waits for a leader: for the words of every form that sends. */
import { useMe } from '../api/me.tsx';
import { usePicture } from '../live/use-live.tsx';
import { needsLeader } from '../model/approval.ts';

/** `isOffered`: it goes down to communes for their choice, so nobody here approves it. */
export function useNeedsLeader(isOffered = false): boolean {
  const { person } = useMe();
  return needsLeader(person, { areas: usePicture('areas'), isOffered });
}
