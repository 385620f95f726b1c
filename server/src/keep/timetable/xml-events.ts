/**
 * How is one XML part of a workbook walked through without building it up in memory? A thin layer over saxes that bounds
 * depth and attributes, refuses document type declarations (so no entity can be declared, let alone expanded), and drops
 * prefixes, since programs write `x:row` for `row`. Throws `SheetRefused`.
 */
import { SaxesParser } from 'saxes';
import { SheetRefused } from './timetable-refusals.ts';

/** Nothing in a workbook that is read here lies deeper than nine elements. */
const depthMax = 40;
/** A cell, a row or a sheet has fewer than twenty. */
const attributesMax = 60;
/** Handed to the parser at a time, so that it never copies a large part at once. */
const chunkBytes = 64 * 1024;

/** What the reader of a part wants to be told; names without prefix. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Walks the whole part. */
export function walkXml(bytes: Uint8Array, events: XmlEvents): void {
  const parser = new SaxesParser({ xmlns: false });
  let depth = 0;
  let attributes = 0;
  parser.on('doctype', () => {
    throw new SheetRefused('timetable-damaged');
  });
  parser.on('error', () => {
    throw new SheetRefused('timetable-damaged');
  });
  parser.on('opentagstart', () => {
    depth += 1;
    attributes = 0;
    if (depth > depthMax) throw new SheetRefused('timetable-damaged');
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > attributesMax) throw new SheetRefused('timetable-damaged');
  });
  parser.on('opentag', (tag) => events.open?.(localName(tag.name), localNames(tag.attributes)));
  parser.on('closetag', (tag) => {
    depth -= 1;
    events.close?.(localName(tag.name));
  });
  parser.on('text', (text) => events.text?.(text));
  parser.on('cdata', (text) => events.text?.(text));

  const decoder = decoderOf(bytes);
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
    parser.write(decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: true }));
  }
  parser.close();
}

/** Programs write UTF-8; the standard allows UTF-16 with a mark too (ECMA-376 Part 2 §9.1.6). */
function decoderOf(bytes: Uint8Array): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function localNames(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const local: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(attributes)) local[localName(name)] = value;
  return local;
}
