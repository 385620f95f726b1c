/** The icon of each place of the menu. */
import {
  IconCalendarEvent,
  IconChecklist,
  IconClockCog,
  IconInbox,
  IconLayoutDashboard,
  IconListDetails,
  IconMessagePlus,
  IconNotebook,
  IconSpeakerphone,
  IconUrgent,
} from '@tabler/icons-react';
import type { Place } from './places.ts';

const icons = {
  '/today': IconCalendarEvent,
  '/overview': IconLayoutDashboard,
  '/emergency': IconUrgent,
  '/approvals': IconChecklist,
  '/compose': IconMessagePlus,
  '/inbox': IconInbox,
  '/bulletins': IconListDetails,
  '/hours': IconClockCog,
  '/clusters': IconSpeakerphone,
  '/log': IconNotebook,
} as const;

export function PlaceIcon(props: { to: Place['to'] }) {
  const Icon = icons[props.to];
  return <Icon size={24} aria-hidden />;
}
