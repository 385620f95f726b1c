/** All bulletins: what each says, when it next sounds, and the way to take it back. */
import { Button, TextInput } from '@mantine/core';
import { IconCalendarWeek, IconListDetails, IconMessagePlus, IconSearch, IconTableImport } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMay, useMe } from '../../api/me.tsx';
import { useBulletins, useTimetable } from '../../api/queries.ts';
import { Choice } from '../../kit/choice.tsx';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { byUrgency, type Listed } from '../../model/bulletins.ts';
import { isFound } from '../../model/folding.ts';
import { isAhead, nextStartOf } from '../../model/next-start.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import { BulletinCard } from './bulletin-card.tsx';
import styles from './bulletins-page.module.css';

/** `ahead`: will still sound, or waits for somebody's decision; `past`: has sounded or was withdrawn. */
type Shown = 'ahead' | 'past';

/** Drawn at once; the rest on demand. */
const pageSize = 40;

export function BulletinsPage() {
  const say = useSay();
  const language = useLanguage();
  const maySchedule = useMay('schedule');
  const bulletins = useBulletins();
  const [shown, setShown] = useState<Shown>('ahead');
  const [wanted, setWanted] = useState('');
  const [count, setCount] = useState(pageSize);
  // What a commune has been offered, it finds and decides on among what came from above.
  const { person, timeZone } = useMe();
  const isCommune = person.role === 'officer' || person.role === 'leader';
  const listed = (bulletins.data ?? []).filter(({ state }) => !isCommune || state !== 'offered');
  const timetable = useTimetable(listed.some(({ slot }) => slot !== undefined)).data;
  const all = listed.map((bulletin): Listed => ({ bulletin, next: nextStartOf(bulletin, { timetable, timeZone }) }));
  const ahead = all.filter(({ bulletin, next }) => isAhead(bulletin, next));
  const found = (shown === 'ahead' ? ahead : all.filter((one) => !ahead.includes(one)))
    .filter(({ bulletin }) => isFound(bulletin.title, wanted))
    .sort(shown === 'ahead' ? byUrgency : () => 0);
  const actions = (
    <span className={styles.headActions}>
      <Button
        component={Link}
        to="/week"
        size="lg"
        variant="default"
        leftSection={<IconCalendarWeek size={24} aria-hidden />}
      >
        {say('week.title')}
      </Button>
      {maySchedule && (
        <Button
          component={Link}
          to="/import"
          size="lg"
          variant="default"
          leftSection={<IconTableImport size={24} aria-hidden />}
        >
          {say('import.button')}
        </Button>
      )}
      {maySchedule && (
        <Button component={Link} to="/compose" size="lg" leftSection={<IconMessagePlus size={24} aria-hidden />}>
          {say('nav.compose')}
        </Button>
      )}
    </span>
  );
  return (
    <>
      <PageHeader title={say('nav.bulletins')} line={say('bulletins.line')} action={actions} />
      <div className={styles.tools}>
        <Choice
          label={say('bulletins.which')}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'ahead', words: say('bulletins.ahead', { count: ahead.length }) },
            { value: 'past', words: say('bulletins.past') },
          ]}
        />
        <TextInput
          type="search"
          size="lg"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          aria-label={say('bulletins.search')}
          placeholder={say('bulletins.search')}
          leftSection={<IconSearch size={22} aria-hidden />}
        />
      </div>
      {bulletins.error !== null && (
        <Notice tone="attention" live>
          {failureWords(failureOf(bulletins.error), say, language)}
        </Notice>
      )}
      {bulletins.data === undefined && bulletins.error === null && <Waiting words={say('frame.waiting')} />}
      {bulletins.data !== undefined && found.length === 0 && (
        <EmptyState
          icon={<IconListDetails size={30} />}
          title={
            wanted !== ''
              ? say('bulletins.none-found')
              : say(shown === 'ahead' ? 'bulletins.none-ahead' : 'bulletins.none-past')
          }
        />
      )}
      <ul className={styles.list}>
        {found.slice(0, count).map(({ bulletin, next }) => (
          <BulletinCard key={bulletin.id} bulletin={bulletin} next={next} />
        ))}
      </ul>
      {found.length > count && (
        <Button variant="default" size="lg" onClick={() => setCount(count + pageSize)} mt="md">
          {say('action.more')}
        </Button>
      )}
    </>
  );
}
