/** The person's panel (language, light or dark, sign out), and the places that do not fit at the foot of a phone. */
import { Popover, useMantineColorScheme } from '@mantine/core';
import { IconChevronUp, IconDots, IconLanguage, IconLogout, IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { NavLink, useNavigate } from 'react-router';
import { call } from '../api/call.ts';
import { useMe } from '../api/me.tsx';
import { keys } from '../api/queries.ts';
import { usePicture } from '../live/use-live.tsx';
import { speak, useLanguage, useSay } from '../text/use-say.ts';
import styles from './menus.module.css';
import { PlaceIcon } from './place-icon.tsx';
import type { Place } from './places.ts';

/** `wide` is the one at the side of a large screen, with the name; the other is a round button. */
export function PersonMenu(props: { wide?: boolean }) {
  const say = useSay();
  const { person } = useMe();
  const area = usePicture('areas').get(person.areaId)?.name;
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position={props.wide ? 'top-start' : 'bottom-end'}
      width={300}
      shadow="lg"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.person}
          data-wide={props.wide}
          onClick={() => setOpen(!isOpen)}
          {...(props.wide ? {} : { 'aria-label': say('frame.person', { name: person.name }) })}
        >
          <span className={styles.initials} data-initials={initialsOf(person.name)} aria-hidden />
          {props.wide && (
            <>
              <span className={styles.who}>
                <strong>{person.name}</strong>
                <span>{area ?? say(`role.${person.role}`)}</span>
              </span>
              <IconChevronUp size={18} aria-hidden />
            </>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={say('frame.person', { name: person.name })}>
        <PersonPanel area={area} />
      </Popover.Dropdown>
    </Popover>
  );
}

function PersonPanel(props: { area: string | undefined }) {
  const say = useSay();
  const language = useLanguage();
  const { person } = useMe();
  const requests = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const other = language === 'vi' ? 'en' : 'vi';
  const signOut = async () => {
    await call('signOut', {});
    navigate('/');
    requests.clear();
    requests.setQueryData(keys.me, null);
  };
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <strong>{person.name}</strong>
        <span>
          {say(`role.${person.role}`)}
          {props.area !== undefined && ` · ${props.area}`}
        </span>
      </div>
      <button type="button" lang={other} onClick={() => speak(other)}>
        <IconLanguage size={22} aria-hidden />
        {other === 'en' ? 'English' : 'Tiếng Việt'}
      </button>
      {(['light', 'dark', 'auto'] as const).map((scheme) => (
        <button
          key={scheme}
          type="button"
          aria-pressed={colorScheme === scheme}
          onClick={() => setColorScheme(scheme)}
          data-first={scheme === 'light'}
        >
          {schemeIcons[scheme]}
          {say(`frame.scheme-${scheme}`)}
        </button>
      ))}
      <button type="button" data-first onClick={signOut}>
        <IconLogout size={22} aria-hidden />
        {say('frame.sign-out')}
      </button>
    </div>
  );
}

const schemeIcons = {
  light: <IconSun size={22} aria-hidden />,
  dark: <IconMoon size={22} aria-hidden />,
  auto: <IconSunMoon size={22} aria-hidden />,
};

export function MoreMenu(props: { places: readonly Place[] }) {
  const say = useSay();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-end" width={260} shadow="lg" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.more} onClick={() => setOpen(!isOpen)}>
          <IconDots size={24} aria-hidden />
          <span>{say('nav.more')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={say('nav.more')}>
        <div className={styles.panel}>
          {props.places.map((place) => (
            <NavLink key={place.to} to={place.to} onClick={() => setOpen(false)}>
              <PlaceIcon to={place.to} />
              {say(place.words)}
            </NavLink>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The last two names, as people are called. */
function initialsOf(name: string): string {
  return name
    .trim()
    .split(/\s+/)
    .slice(-2)
    .map((word) => word.charAt(0))
    .join('');
}
