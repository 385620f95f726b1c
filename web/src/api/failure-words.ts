/** What a person is told when a call fails: the server's own sentence in their language, or ours when it gave none. */
import type { Language, Say } from '../text/say.ts';
import { CallFailed, type Failure } from './call.ts';

/** One sentence for the screen. */
export function failureWords(failure: Failure, say: Say, language: Language): string {
  if (failure.kind === 'problem') return language === 'vi' ? failure.problem.vi : failure.problem.en;
  return failure.kind === 'network' ? say('failure.network') : say('failure.unreadable');
}

/** The failure inside whatever react-query caught. */
export function failureOf(error: unknown): Failure {
  return error instanceof CallFailed ? error.failure : { kind: 'unreadable' };
}

/** True when the server no longer knows who this is. */
export function isSignedOut(failure: Failure): boolean {
  return failure.kind === 'problem' && failure.problem.status === 401;
}
