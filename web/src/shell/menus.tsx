/** The person's menu (language, light or dark, sign out), and the places that do not fit at the foot of a phone. */
import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconChevronUp, IconDots, IconLanguage, IconLogout, IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { call } from '../api/call.ts';
import { useMe } from '../api/me.tsx';
import { keys } from '../api/queries.ts';
import { usePicture } from '../live/use-live.tsx';
import { speak, useLanguage, useSay } from '../text/use-say.ts';
import styles from './menus.module.css';
import { PlaceIcon } from './place-icon.tsx';
import type { Place } from './places.ts';

export function PersonMenu(props: { wide?: boolean }) {
  const say = useSay();
  const language = useLanguage();
  const { person } = useMe();
  const areas = usePicture('areas');
  const requests = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = async () => {
    await call('signOut', {});
    navigate('/');
    requests.clear();
    requests.setQueryData(keys.me, null);
  };
  const area = areas.get(person.areaId)?.name;
  const initials = person.name
    .trim()
    .split(/\s+/)
    .slice(-2)
    .map((word) => word.charAt(0))
    .join('');
  return (
    <Menu position={props.wide ? 'top-start' : 'bottom-end'} width={300} shadow="lg">
      <Menu.Target>
        <button
          type="button"
          className={styles.person}
          data-wide={props.wide}
          {...(props.wide ? {} : { 'aria-label': say('frame.person', { name: person.name }) })}
        >
          <span className={styles.initials} data-initials={initials} aria-hidden />
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
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.head}>
          <strong>{person.name}</strong>
          <span>
            {say(`role.${person.role}`)}
            {area !== undefined && ` · ${area}`}
          </span>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLanguage size={22} />}
          onClick={() => speak(language === 'vi' ? 'en' : 'vi')}
          lang={language === 'vi' ? 'en' : 'vi'}
        >
          {language === 'vi' ? 'English' : 'Tiếng Việt'}
        </Menu.Item>
        <Menu.Divider />
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={schemeIcons[scheme]}
            onClick={() => setColorScheme(scheme)}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            className={colorScheme === scheme ? styles.checked : undefined}
          >
            {say(`frame.scheme-${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={22} />} onClick={signOut}>
          {say('frame.sign-out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const schemeIcons = { light: <IconSun size={22} />, dark: <IconMoon size={22} />, auto: <IconSunMoon size={22} /> };

export function MoreMenu(props: { places: readonly Place[] }) {
  const say = useSay();
  const navigate = useNavigate();
  return (
    <Menu position="top-end" width={240} shadow="lg">
      <Menu.Target>
        <button type="button" className={styles.more}>
          <IconDots size={24} aria-hidden />
          <span>{say('nav.more')}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.places.map((place) => (
          <Menu.Item key={place.to} leftSection={<PlaceIcon to={place.to} />} onClick={() => navigate(place.to)}>
            {say(place.words)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
