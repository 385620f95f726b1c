/** Mantine dressed in the panel's own colours and sizes, so that its controls and ours look like one family. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e8f4f3',
  '#d0e7e6',
  '#a3e2de',
  '#6bcbc5',
  '#4fb3af',
  '#2f9292',
  '#14777a',
  '#0b5f66',
  '#084b51',
  '#063a3f',
];

export const theme = createTheme({
  primaryColor: 'loa',
  primaryShade: { light: 7, dark: 3 },
  colors: { loa: teal },
  autoContrast: true,
  luminanceThreshold: 0.4,
  fontFamily: 'var(--font)',
  headings: { fontFamily: 'var(--font)', fontWeight: '700' },
  fontSizes: { xs: '0.875rem', sm: '1rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  defaultRadius: 'var(--radius-small)',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    DatePickerInput: { defaultProps: { size: 'md' } },
    TimePicker: { defaultProps: { size: 'md' } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-soft)',
  '--mantine-color-anchor': 'var(--teal-ink)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--amber)',
  '--mantine-primary-color-filled': 'var(--teal)',
  '--mantine-primary-color-filled-hover': 'var(--teal-hover)',
  '--mantine-primary-color-contrast': 'var(--on-teal)',
  '--mantine-primary-color-light': 'var(--teal-soft)',
  '--mantine-primary-color-light-hover': 'var(--teal-soft)',
  '--mantine-primary-color-light-color': 'var(--teal-ink)',
  '--mantine-color-loa-filled': 'var(--teal)',
  '--mantine-color-loa-filled-hover': 'var(--teal-hover)',
  '--mantine-color-loa-light': 'var(--teal-soft)',
  '--mantine-color-loa-light-color': 'var(--teal-ink)',
  '--mantine-color-loa-outline': 'var(--teal)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
