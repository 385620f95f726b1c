/** Nobody passes without being signed in; the address is kept, so that a sign-in leads back to where one was. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { CallFailed, call } from '../api/call.ts';
import { failureOf, isSignedOut } from '../api/failure-words.ts';
import { MeContext } from '../api/me.tsx';
import { keys } from '../api/queries.ts';
import { LiveProvider } from '../live/use-live.tsx';
import { Unreachable } from './broken.tsx';
import { Frame } from './frame.tsx';

const SignInPage = lazy(async () => ({ default: (await import('../pages/sign-in/sign-in-page.tsx')).SignInPage }));

export function Gate() {
  const me = useQuery({
    queryKey: keys.me,
    queryFn: async () => {
      const result = await call('me', {});
      if (result.ok) return result.value;
      if (isSignedOut(result.failure)) return null;
      throw new CallFailed(result.failure);
    },
    staleTime: 60_000,
  });
  if (me.data === undefined) {
    return me.error === null ? null : (
      <Unreachable failure={failureOf(me.error)} isTrying={me.isFetching} onAgain={() => me.refetch()} />
    );
  }
  if (me.data === null) {
    return (
      <Suspense fallback={null}>
        <SignInPage />
      </Suspense>
    );
  }
  return (
    <MeContext value={me.data}>
      <LiveProvider key={me.data.person.id}>
        <Frame />
      </LiveProvider>
    </MeContext>
  );
}
