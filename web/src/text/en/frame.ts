/** English: the frame around every page, signing in, and what goes wrong in between. */
import type { Dictionary } from '../say.ts';
import type { frameWords as vi } from '../vi/frame.ts';

export const frameWords: Dictionary<keyof typeof vi> = {
  'nav.today': 'Today',
  'nav.overview': 'Overview',
  'nav.emergency': 'Emergency',
  'nav.compose': 'New announcement',
  'nav.compose-short': 'New',
  'nav.bulletins': 'Bulletins',
  'nav.hours': 'Hours and sessions',
  'nav.hours-short': 'Hours',
  'nav.clusters': 'Speakers',
  'nav.log': 'Playback log',
  'nav.log-short': 'Log',
  'nav.more': 'More',
  'nav.home': 'Home',

  'frame.skip': 'Skip to content',
  'frame.menu': 'Menu',
  'frame.person': 'Account: {{name}}',
  'frame.scheme-light': 'Light',
  'frame.scheme-dark': 'Dark',
  'frame.scheme-auto': 'As this device',
  'frame.sign-out': 'Sign out',
  'frame.waiting': 'Loading…',

  'role.officer': 'Broadcast officer',
  'role.department': 'Province',
  'role.technician': 'Technician',
  'role.auditor': 'Auditor',

  'action.close': 'Close',
  'action.back': 'Go back',
  'action.cancel': 'Cancel',
  'action.look': 'Show',
  'action.more': 'Show more',

  'sign-in.title': 'Sign in',
  'sign-in.line': 'Public loudspeakers',
  'sign-in.login': 'User name',
  'sign-in.password': 'Password',
  'sign-in.show-password': 'Show or hide the password',
  'sign-in.send': 'Sign in',

  'clock.stepped': 'The server’s clock has been moved suddenly.',
  'clock.behind-own-documents': 'The server’s clock is behind what it has already sent.',
  'clock.unconfirmed': 'The server’s clock has not been confirmed by the speakers yet.',
  'clock.devices-disagree': 'The server’s clock differs from most speakers.',
  'clock.words':
    'New schedules wait until the time is right again; speakers keep to the schedule they hold, and emergencies still go out. Ask whoever runs the server to check its date and time.',
  'stale.since': 'No connection to the server since {{time}}.',
  'stale.never': 'No connection to the server yet.',
  'stale.words': 'What you see may be out of date. Speakers keep to their schedule. Reconnecting…',

  'failure.network': 'The server cannot be reached. Check the network and try again.',
  'failure.unreadable': 'The server gave an answer that makes no sense. Reload; if it stays so, tell the technician.',

  'broken.title': 'This page could not be opened',
  'broken.words': 'The software may just have been updated. Please reload.',
  'broken.again': 'Try again',

  'clip.hear': 'Listen: {{title}}',
  'clip.pause': 'Pause: {{title}}',
  'clip.position': 'Position',
  'clip.failed': 'This cannot be heard yet. Try again later.',
};
