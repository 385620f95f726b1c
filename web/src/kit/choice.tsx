/** One of a few: large buttons in a row that behave as radio buttons. */
import { type ReactNode, useId } from 'react';
import styles from './choice.module.css';

export function Choice<T extends string>(props: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; words: string; icon?: ReactNode; line?: string }[];
}) {
  const name = useId();
  return (
    <fieldset className={styles.choice} data-count={props.options.length}>
      <legend className="visually-hidden">{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value} data-chosen={option.value === props.value} data-icon={option.icon !== undefined}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.icon}
          <span>
            {option.words}
            {option.line !== undefined && <small>{option.line}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Any number of a few: the same look, as check boxes. */
export function Choices<T extends number>(props: {
  label: string;
  values: readonly T[];
  onChange: (values: T[]) => void;
  options: readonly { value: T; words: string; full: string }[];
}) {
  const flip = (value: T) =>
    props.onChange(
      props.values.includes(value)
        ? props.values.filter((one) => one !== value)
        : [...props.values, value].sort((a, b) => a - b),
    );
  return (
    <fieldset className={styles.choice} data-count={props.options.length} data-tight>
      <legend className="visually-hidden">{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value} data-chosen={props.values.includes(option.value)}>
          <input
            type="checkbox"
            checked={props.values.includes(option.value)}
            onChange={() => flip(option.value)}
            aria-label={option.full}
          />
          <span aria-hidden>{option.words}</span>
        </label>
      ))}
    </fieldset>
  );
}
