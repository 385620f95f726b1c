/** What a technician may do to a device without climbing its pole: test its sound, restart, fetch its log, update. */
import type { ClusterView, ServiceRequest, ServiceView } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import { IconFileText, IconRefresh, IconVolume, IconVolumeOff, IconWand } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { call } from '../../api/call.ts';
import { failureOf, failureWords } from '../../api/failure-words.ts';
import { useMay, useMe } from '../../api/me.tsx';
import { keys, useServices } from '../../api/queries.ts';
import { newRequestId } from '../../edges/random.ts';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { useToast } from '../../kit/toast.tsx';
import { instantWords } from '../../model/civil-time.ts';
import { serviceWords } from '../../model/service-words.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';
import { EvidenceLines } from './evidence-lines.tsx';
import { LogDialog } from './log-dialog.tsx';

type Kind = ServiceRequest['kind'];

const icons: Record<Kind, ReactNode> = {
  'silent-test': <IconVolumeOff size={22} aria-hidden />,
  'audible-test': <IconVolume size={22} aria-hidden />,
  restart: <IconRefresh size={22} aria-hidden />,
  logs: <IconFileText size={22} aria-hidden />,
  update: <IconWand size={22} aria-hidden />,
};

const kinds: readonly Kind[] = ['silent-test', 'audible-test', 'logs', 'restart', 'update'];

/** Shown at first; the rest are a matter of the server's log. */
const shownMax = 8;

/** Nothing for those who may not repair, or where no device has ever spoken. */
export function ServiceSheet(props: { cluster: ClusterView; nowMs: number }) {
  const mayRepair = useMay('repair');
  if (!mayRepair || props.cluster.fitting === undefined) return null;
  return <Services {...props} />;
}

function Services(props: { cluster: ClusterView; nowMs: number }) {
  const say = useSay();
  const language = useLanguage();
  const { cluster } = props;
  const asked = useServices(cluster.id);
  const [kind, setKind] = useState<Kind>();
  const [logOf, setLogOf] = useState<ServiceView>();
  const release = asked.data?.release ?? null;
  const isNewer = release !== null && release.version !== cluster.agentVersion;
  const offered = kinds.filter((one) => cluster.services?.includes(one) && (one !== 'update' || isNewer));
  const services = (asked.data?.services ?? []).slice(0, shownMax);
  const version = release?.version ?? '';
  return (
    <Sheet title={say('service.title')}>
      {offered.length === 0 && <p className={styles.quiet}>{say('service.none')}</p>}
      <div className={styles.demoActions}>
        {offered.map((one) => (
          <Button key={one} variant="default" size="md" leftSection={icons[one]} onClick={() => setKind(one)}>
            {say(`service.${one}`, { version })}
          </Button>
        ))}
      </div>
      {cluster.services?.includes('update') && release !== null && !isNewer && (
        <p className={styles.quiet}>{say('service.current')}</p>
      )}
      {asked.error !== null && <Notice tone="attention">{failureWords(failureOf(asked.error), say, language)}</Notice>}
      <h3 className={styles.heading}>{say('service.history')}</h3>
      {services.length === 0 ? (
        <p className={styles.quiet}>{say('service.no-history')}</p>
      ) : (
        <ul className={styles.services}>
          {services.map((service) => (
            <ServiceLine key={service.id} service={service} nowMs={props.nowMs} onLog={() => setLogOf(service)} />
          ))}
        </ul>
      )}
      <AskService kind={kind} cluster={cluster} version={version} onOver={() => setKind(undefined)} />
      {logOf !== undefined && (
        <LogDialog serviceId={logOf.id} name={cluster.name} onClose={() => setLogOf(undefined)} />
      )}
    </Sheet>
  );
}

function ServiceLine(props: { service: ServiceView; nowMs: number; onLog: () => void }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { service, nowMs } = props;
  const reading = { nowMs, timeZone, say };
  const words = serviceWords(service, reading);
  const time = instantWords(Date.parse(service.endedAt ?? service.orderedAt), reading);
  return (
    <li>
      <span className={styles.test}>
        <span>
          <strong>{words.name}</strong>
          <span>{say('service.by', { name: service.orderedBy, time })}</span>
        </span>
        <StatusChip tone={words.tone}>{words.label}</StatusChip>
      </span>
      <EvidenceLines spoken={words.spoken} technical={words.technical} />
      {service.logBytes !== undefined && (
        <Button variant="subtle" size="compact-md" onClick={props.onLog}>
          {say('service.log-open')}
        </Button>
      )}
    </li>
  );
}

function AskService(props: { kind: Kind | undefined; cluster: ClusterView; version: string; onOver: () => void }) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const { kind, cluster, version } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is asked is a request of its own
  const requestId = useMemo(() => newRequestId(), [kind]);
  const order = async () => {
    if (kind === undefined) return;
    setBusy(true);
    const result = await call('orderService', { params: { id: cluster.id }, body: { requestId, kind } });
    setBusy(false);
    props.onOver();
    if (result.ok) toast('good', say('service.sent'));
    else toast('attention', failureWords(result.failure, say, language));
    await requests.invalidateQueries({ queryKey: keys.services(cluster.id) });
  };
  return (
    <AskDialog
      isOpen={kind !== undefined}
      title={kind === undefined ? '' : `${say(`service.${kind}`, { version })}: ${cluster.name}`}
      yes={kind === undefined ? '' : say(`service.${kind}`, { version })}
      isBusy={isBusy}
      onYes={order}
      onNo={props.onOver}
    >
      {kind !== undefined && <p>{say(`service.ask.${kind}`, { version })}</p>}
    </AskDialog>
  );
}
