/** "Sửa và gửi lại": opens the form with all that a returned bulletin held, in place of the draft that lay there. */
import type { BulletinView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useMe } from '../../api/me.tsx';
import { remember } from '../../edges/storage.ts';
import { useNow } from '../../live/use-live.tsx';
import { draftAgain } from '../../model/draft-again.ts';
import { useSay } from '../../text/use-say.ts';
import { draftKey } from '../compose/use-draft.ts';

export function AgainButton(props: { bulletin: BulletinView }) {
  const say = useSay();
  const { person, timeZone } = useMe();
  const nowMs = useNow(30_000);
  const navigate = useNavigate();
  const begin = () => {
    remember(draftKey(person.id), JSON.stringify(draftAgain(props.bulletin, { nowMs, timeZone })));
    navigate('/compose');
  };
  return (
    <Button leftSection={<IconPencil size={20} aria-hidden />} onClick={begin}>
      {say('approval.again')}
    </Button>
  );
}
