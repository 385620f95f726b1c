/** Signs in. The only page without a menu; the language can be changed before anything else. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { call, type Failure } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { keys } from '../../api/queries.ts';
import { Notice } from '../../kit/notice.tsx';
import { Brand } from '../../shell/brand.tsx';
import { speak, useLanguage, useSay } from '../../text/use-say.ts';
import styles from './sign-in-page.module.css';

export function SignInPage() {
  const say = useSay();
  const language = useLanguage();
  const requests = useQueryClient();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    document.title = `${say('sign-in.title')} · Loa`;
  }, [say]);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (login.trim() === '' || password === '') return;
    setBusy(true);
    setFailure(undefined);
    const result = await call('signIn', { body: { login: login.trim(), password } });
    setBusy(false);
    if (result.ok) requests.setQueryData(keys.me, result.value);
    else setFailure(result.failure);
  };
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Brand large />
          <p>{say('sign-in.line')}</p>
        </div>
        <form onSubmit={send} className={styles.form} noValidate>
          <h1>{say('sign-in.title')}</h1>
          <TextInput
            label={say('sign-in.login')}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            size="lg"
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            label={say('sign-in.password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            size="lg"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{
              'aria-label': say('sign-in.show-password'),
              'aria-hidden': false,
              tabIndex: 0,
            }}
          />
          {failure !== undefined && (
            <Notice tone="attention" live>
              {failureWords(failure, say, language)}
            </Notice>
          )}
          <Button type="submit" size="xl" loading={isBusy}>
            {say('sign-in.send')}
          </Button>
        </form>
      </div>
      <button
        type="button"
        className={styles.language}
        onClick={() => speak(language === 'vi' ? 'en' : 'vi')}
        lang={language === 'vi' ? 'en' : 'vi'}
      >
        {language === 'vi' ? 'English' : 'Tiếng Việt'}
      </button>
    </main>
  );
}
