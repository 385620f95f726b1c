/** The few lines of text that a decision needs: document, reason, name. */
import { TextInput } from '@mantine/core';
import { useSay } from '../../text/use-say.ts';

/** As the wire takes them. */
const lineMax = 200;

export function TextField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  example?: string;
  isNumber?: boolean;
}) {
  return (
    <TextInput
      label={props.label}
      value={props.value}
      maxLength={lineMax}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      {...(props.example === undefined ? {} : { placeholder: props.example })}
      {...(props.isNumber ? { inputMode: 'numeric' as const } : {})}
      autoComplete="off"
      size="lg"
    />
  );
}

export function DocumentField(props: { value: string; onChange: (value: string) => void; label?: string }) {
  const say = useSay();
  return (
    <TextField
      label={props.label ?? say('law.document')}
      example={say('law.document-example')}
      value={props.value}
      onChange={props.onChange}
    />
  );
}
