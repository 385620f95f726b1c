/**
 * Stands before every change of the law: shows which clusters will sound differently in the next 24 hours, then saves or
 * goes back. What the server refuses is said here, where the person looks.
 */
import type { LawChange } from '@loa/protocol/panel';
import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { call, type Failure } from '../api/call.ts';
import { failureOf, failureWords } from '../api/failure-words.ts';
import { keys, useChangePreview } from '../api/queries.ts';
import { newRequestId } from '../edges/random.ts';
import { meaningOf } from '../model/approval.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import styles from './ask-dialog.module.css';
import listStyles from './changed-lines.module.css';
import { ChangedLines } from './changed-lines.tsx';
import { Waiting } from './empty-state.tsx';
import { Notice } from './notice.tsx';
import { useToast } from './toast.tsx';

/** `ask` opens the sheet for a change; `sheet` is to be drawn. `onSaved` is called when the server has kept it. */
export function useChangeSheet(onSaved: () => void = () => {}): { ask: (change: LawChange) => void; sheet: ReactNode } {
  const [change, setChange] = useState<LawChange>();
  const close = useCallback(() => setChange(undefined), []);
  const say = useSay();
  const sheet = (
    <Modal
      opened={change !== undefined}
      onClose={close}
      title={say('change.title')}
      centered
      size="lg"
      radius="var(--radius)"
      closeButtonProps={{ 'aria-label': say('action.close') }}
    >
      {change !== undefined && (
        <ChangeQuestion
          change={change}
          onBack={close}
          onSaved={() => {
            close();
            onSaved();
          }}
        />
      )}
    </Modal>
  );
  return { ask: setChange, sheet };
}

/** The inside of the sheet, for pages that have a frame of their own. */
export function ChangeQuestion(props: { change: LawChange; onBack: () => void; onSaved: () => void }) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const { change } = props;
  const preview = useChangePreview(change);
  const meaning = meaningOf(change, say);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another change is another request
  const requestId = useMemo(() => newRequestId(), [change]);
  const told = failure ?? (preview.error === null ? undefined : failureOf(preview.error));
  const save = async () => {
    setBusy(true);
    setFailure(undefined);
    const result = await call('makeChange', { body: { requestId, change } });
    setBusy(false);
    if (!result.ok) return setFailure(result.failure);
    toast('good', meaning?.saved ?? say('change.saved'));
    props.onSaved();
    for (const queryKey of [keys.laws, ['preview'], ['explain'], keys.bulletins]) {
      void requests.invalidateQueries({ queryKey });
    }
  };
  return (
    <>
      <div className={styles.body}>
        {preview.isPending && <Waiting words={say('change.waiting')} lines={2} />}
        {preview.data !== undefined &&
          (meaning === undefined ? (
            <ChangedLines changed={preview.data} />
          ) : (
            <Notice tone="quiet" live>
              {meaning.words}
            </Notice>
          ))}
        {told !== undefined && (
          <Notice tone="attention" live>
            {failureWords(told, say, language)}
          </Notice>
        )}
      </div>
      <div className={listStyles.foot}>
        <div className={styles.actions}>
          <Button variant="default" size="lg" onClick={props.onBack} data-autofocus>
            {say('action.back')}
          </Button>
          <Button size="lg" onClick={save} loading={isBusy} disabled={preview.data === undefined}>
            {say('change.save')}
          </Button>
        </div>
      </div>
    </>
  );
}
