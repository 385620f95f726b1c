/** Who is signed in, for every room of the panel; what a person may do is asked here and nowhere else. */
import type { Me, Right } from '@loa/protocol/panel';
import { createContext, useContext } from 'react';

/** Set by the frame once somebody is signed in. */
export const MeContext = createContext<Me | undefined>(undefined);

/** Who is signed in; only below the frame. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error('useMe was used outside the frame');
  return me;
}

/** True when the person holds the right. */
export function useMay(right: Right): boolean {
  return useMe().person.rights.includes(right);
}
