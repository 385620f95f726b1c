/**
 * A figure from outside the kernel's usual places, as the settings name it: `file:/path` or `command:/path`, each with
 * an optional factor behind an asterisk (`file:/run/modem/rssi*-1`). Parsed once; read as a number, or not at all.
 */
import type { BoardFiles } from '../../edges/board-files.ts';

export interface TextSource {
  kind: 'file' | 'command';
  path: string;
  factor: number;
}

/** The source, or undefined when the text is none. */
export function parseTextSource(text: string): TextSource | undefined {
  const parts = /^(file|command):(\/[^*\s]+)(?:\*(-?[0-9.]+))?$/.exec(text);
  const [, kind, path, factor] = parts ?? [];
  if ((kind !== 'file' && kind !== 'command') || path === undefined) return undefined;
  const number = factor === undefined ? 1 : Number(factor);
  return Number.isFinite(number) ? { kind, path, factor: number } : undefined;
}

/** Its figure now; undefined when it says none. */
export async function readSource(files: BoardFiles, { kind, path, factor }: TextSource): Promise<number | undefined> {
  const value = numberIn(await (kind === 'file' ? files.read(path) : files.ask(path)));
  return value === undefined ? undefined : value * factor;
}

/** The number a text begins with; undefined when it begins with none. */
export function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?[0-9]/.test(text)) return undefined;
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : undefined;
}
