/**
 * The way of a spreadsheet into the schedule: read, previewed, kept. Each step waits for the one before; another file
 * begins anew. What one file became is kept under one request id, so that a second press keeps nothing twice.
 */
import { type TimetableImported, type TimetableRead, timetableBytesMax } from '@loa/protocol/panel';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { call, type Failure } from '../../api/call.ts';
import { useMe } from '../../api/me.tsx';
import { keys } from '../../api/queries.ts';
import { readTimetable } from '../../api/read-timetable.ts';
import { newRequestId } from '../../edges/random.ts';
import { useToast } from '../../kit/toast.tsx';
import { useSay } from '../../text/use-say.ts';

/** Why a file or a step went no further; the two first are known without asking the server. */
export type ImportRefusal = 'too-large' | 'empty' | Failure;

interface Reading {
  fileName: string;
  read: TimetableRead;
  requestId: string;
  previewed?: TimetableImported;
}

export function useImport() {
  const say = useSay();
  const toast = useToast();
  const navigate = useNavigate();
  const requests = useQueryClient();
  const { person } = useMe();
  const sending = useRef<AbortController | undefined>(undefined);
  const [busy, setBusy] = useState<'reading' | 'previewing' | 'keeping'>();
  const [refusal, setRefusal] = useState<ImportRefusal>();
  const [reading, setReading] = useState<Reading>();
  useEffect(() => () => sending.current?.abort(), []);
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    setReading(undefined);
    setRefusal(undefined);
    if (file.size > timetableBytesMax) return setRefusal('too-large');
    if (file.size === 0) return setRefusal('empty');
    sending.current?.abort();
    const controller = new AbortController();
    sending.current = controller;
    setBusy('reading');
    const result = await readTimetable({ file, areaId: person.areaId, signal: controller.signal });
    if (controller.signal.aborted) return;
    setBusy(undefined);
    if (!result.ok) return setRefusal(result.failure);
    setReading({ fileName: file.name, read: result.value, requestId: newRequestId() });
  };
  const preview = async () => {
    if (reading === undefined) return;
    setBusy('previewing');
    setRefusal(undefined);
    const { entries } = reading.read;
    const result = await call('importTimetable', { body: { requestId: newRequestId(), entries, dryRun: true } });
    setBusy(undefined);
    if (!result.ok) return setRefusal(result.failure);
    setReading({ ...reading, previewed: result.value });
  };
  const keep = async () => {
    if (reading === undefined) return;
    setBusy('keeping');
    setRefusal(undefined);
    const { requestId, read } = reading;
    const result = await call('importTimetable', { body: { requestId, entries: read.entries, dryRun: false } });
    setBusy(undefined);
    if (!result.ok) return setRefusal(result.failure);
    if (result.value.mistakes.length > 0) return setReading({ ...reading, previewed: result.value });
    toast('good', say('import.kept', { count: result.value.bulletinIds.length }));
    void requests.invalidateQueries({ queryKey: keys.bulletins });
    navigate('/bulletins');
  };
  return { busy, refusal, reading, choose, preview, keep };
}
