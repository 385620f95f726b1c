/** A state in one glance: an icon, words and a tone, never colour alone. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconSpeakerphone,
  IconUrgent,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from '../model/tone.ts';
import { SoundBars } from './sound-bars.tsx';
import styles from './status-chip.module.css';

const icons: Record<Tone, ReactNode> = {
  quiet: <IconCircleDashed size={18} aria-hidden />,
  coming: <IconClock size={18} aria-hidden />,
  sounding: <SoundBars />,
  good: <IconCircleCheck size={18} aria-hidden />,
  attention: <IconAlertTriangle size={18} aria-hidden />,
  alarm: <IconUrgent size={18} aria-hidden />,
  drill: <IconSpeakerphone size={18} aria-hidden />,
};

/** The icon of a tone, for places that set their own words. */
export function ToneIcon(props: { tone: Tone }) {
  return icons[props.tone];
}

/** `tone` colours it and picks its icon. */
export function StatusChip(props: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.chip} data-tone={props.tone}>
      {icons[props.tone]}
      <span>{props.children}</span>
    </span>
  );
}

/** What is a drill says so wherever it is named. */
export function DrillMark(props: { children: ReactNode }) {
  return (
    <span className={styles.drill}>
      <IconSpeakerphone size={16} aria-hidden />
      {props.children}
    </span>
  );
}
