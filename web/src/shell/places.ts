/** Which pages a person finds in the menu, and which one is home: by rights, never by hiding what the server allows. */
import type { Person, Right } from '@loa/protocol/panel';
import type { TextKey } from '../text/say.ts';

/** One place of the menu; `short` is for the bar at the foot of a phone. */
export interface Place {
  to:
    | '/today'
    | '/overview'
    | '/emergency'
    | '/approvals'
    | '/compose'
    | '/inbox'
    | '/bulletins'
    | '/hours'
    | '/clusters'
    | '/log';
  words: TextKey;
  short: TextKey;
  right: Right;
}

const today: Place = { to: '/today', words: 'nav.today', short: 'nav.today', right: 'see' };
const overview: Place = { to: '/overview', words: 'nav.overview', short: 'nav.overview', right: 'see' };
const emergency: Place = { to: '/emergency', words: 'nav.emergency', short: 'nav.emergency', right: 'emergency' };
const approvals: Place = {
  to: '/approvals',
  words: 'nav.approvals',
  short: 'nav.approvals-short',
  right: 'approve',
};
const compose: Place = { to: '/compose', words: 'nav.compose', short: 'nav.compose-short', right: 'schedule' };
const inbox: Place = { to: '/inbox', words: 'nav.inbox', short: 'nav.inbox-short', right: 'schedule' };
const bulletins: Place = { to: '/bulletins', words: 'nav.bulletins', short: 'nav.bulletins', right: 'see' };
const hours: Place = { to: '/hours', words: 'nav.hours', short: 'nav.hours-short', right: 'see' };
const clusters: Place = { to: '/clusters', words: 'nav.clusters', short: 'nav.clusters', right: 'see' };
const log: Place = { to: '/log', words: 'nav.log', short: 'nav.log-short', right: 'see' };

const placesOf: Record<Person['role'], readonly Place[]> = {
  officer: [today, compose, inbox, bulletins, clusters, hours, log],
  leader: [approvals, today, bulletins, compose, hours, clusters, log],
  department: [overview, emergency, compose, bulletins, clusters, hours, log],
  technician: [clusters, today, log],
  auditor: [today, bulletins, log, clusters, hours],
};

/** The menu of a person, home first. */
export function menuOf(person: Person): Place[] {
  return placesOf[person.role].filter((place) => person.rights.includes(place.right));
}

/** Where a person arrives. */
export function homeOf(person: Person): Place['to'] {
  return menuOf(person)[0]?.to ?? '/today';
}
