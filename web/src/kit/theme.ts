/** Mantine dressed in the panel's own colours and sizes, so that its controls and ours look like one family. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

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

/** Our own pairs of colour, since Mantine's contrast does not know that ours change with the scheme. */
const variantColors: VariantColorsResolver = (input) => {
  if (input.variant === 'filled') {
    return {
      background: 'var(--teal)',
      hover: 'var(--teal-hover)',
      color: 'var(--on-teal)',
      border: '1px solid transparent',
    };
  }
  if (input.variant === 'light') {
    return {
      background: 'var(--teal-soft)',
      hover: 'var(--teal-soft)',
      color: 'var(--teal-ink)',
      border: '1.5px solid var(--teal)',
    };
  }
  return defaultVariantColorsResolver(input);
};

export const theme = createTheme({
  variantColorResolver: variantColors,
  primaryColor: 'loa',
  primaryShade: { light: 7, dark: 3 },
  colors: { loa: teal },
  fontFamily: 'var(--font)',
  headings: { fontFamily: 'var(--font)', fontWeight: '700' },
  fontSizes: { xs: '0.875rem', sm: '1rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  defaultRadius: 'var(--radius-small)',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // A word cut off at the button's edge is worse than a second line.
    Button: {
      defaultProps: { size: 'md' },
      styles: {
        root: { height: 'auto', minHeight: 'var(--button-height)', paddingBlock: '0.3rem' },
        // Mantine cuts what stands above the letters, and ủ without its hook is ú.
        label: { whiteSpace: 'normal', height: 'auto', overflow: 'visible', lineHeight: 1.35 },
      },
    },
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

/** The steps of grey that Mantine uses for borders and raised surfaces, in our tones. */
const light = { ...shared, '--mantine-color-gray-4': 'var(--line-strong)' };
const dark = {
  ...shared,
  '--mantine-color-dark-4': 'var(--line-strong)',
  '--mantine-color-dark-5': 'var(--line)',
  '--mantine-color-dark-6': 'var(--surface)',
  '--mantine-color-dark-7': 'var(--sunken)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light, dark });
