/**
 * The ways in for a board without a screen: a small file for its memory card, or a square code that a phone under the
 * pole reads and opens on the board's own page. Both hold the one-time code, nothing else that is secret.
 */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import qrcode from 'qrcode-generator';
import { useMemo } from 'react';
import { saveText } from '../../edges/save-text.ts';
import { enrolFileOf, enrolLinkOf } from '../../model/enrol-hand-out.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';

/** Reads under scratches and sunlight (ISO/IEC 18004, level M: 15 % may be lost). */
const correction = 'M';
/** Light border that a reader needs, in modules (ISO/IEC 18004 §6.3.8). */
const quietModules = 4;

export function EnrolByHand(props: { claimCode: string }) {
  const say = useSay();
  const given = { server: window.location.origin, claimCode: props.claimCode };
  const link = enrolLinkOf(given);
  const square = useMemo(() => squareOf(link), [link]);
  return (
    <>
      <p>{say('claim.by-file')}</p>
      <Button
        variant="default"
        leftSection={<IconDownload size={22} aria-hidden />}
        onClick={() => saveText({ name: 'loa-enrol.txt', mimeType: 'text/plain', text: enrolFileOf(given) })}
      >
        {say('claim.save-file')}
      </Button>
      <p>{say('claim.by-phone')}</p>
      <ol className={styles.steps}>
        <li>{say('claim.step-1')}</li>
        <li>{say('claim.step-2')}</li>
        <li>{say('claim.step-3')}</li>
      </ol>
      <svg className={styles.square} viewBox={square.viewBox} role="img" aria-label={say('claim.code-picture')}>
        <path d={square.path} fill="#000000" shapeRendering="crispEdges" />
      </svg>
    </>
  );
}

function squareOf(text: string): { viewBox: string; path: string } {
  const code = qrcode(0, correction);
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const cells = Array.from(
    { length: count * count },
    (_, index) => [Math.floor(index / count), index % count] as const,
  );
  const path = cells
    .filter(([row, column]) => code.isDark(row, column))
    .map(([row, column]) => `M${column + quietModules} ${row + quietModules}h1v1h-1z`)
    .join('');
  const side = count + 2 * quietModules;
  return { viewBox: `0 0 ${side} ${side}`, path };
}
