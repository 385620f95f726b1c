/** The head of a page: its name, a line below, and its main action. Takes the focus when the page is entered. */
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import styles from './page-header.module.css';

/** A title of more letters is set smaller, so that it does not push the page away. */
const longTitle = 48;

/** `back` is a way up, with its words. */
export function PageHeader(props: {
  title: string;
  mark?: ReactNode;
  line?: ReactNode;
  action?: ReactNode;
  back?: { to: string; words: string };
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${props.title} · Loa`;
  }, [props.title]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address is a new page, though the component stays
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {props.back !== undefined && (
          <Link className={styles.back} to={props.back.to}>
            <IconArrowLeft size={20} aria-hidden />
            {props.back.words}
          </Link>
        )}
        {props.mark}
        <h1 ref={heading} tabIndex={-1} data-long={props.title.length > longTitle}>
          {props.title}
        </h1>
        {props.line !== undefined && <div className={styles.line}>{props.line}</div>}
      </div>
      {props.action !== undefined && <div className={styles.action}>{props.action}</div>}
    </header>
  );
}
