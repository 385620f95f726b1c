/**
 * Where are the pauses that the layout of a notice shows but does not write? Lines broken by a margin are joined, rulers
 * and bullets go, and every remaining line ends like a sentence, so that headings and list items are not run together.
 */

const BULLET = /^(?:[•▪◦●○■□➢➤✓✔»>·*†–—]+|[-+](?!\d)|[-+](?=\d+\s+\p{L}))\s*/u;

/** Lines as they should be heard, each ending in `.`, `!`, `?`, `:` or `;`. Lines without letters or digits are left out. */
export function spokenLines(text: string): string[] {
  const lines: string[] = [];
  for (const raw of text.split(/\r\n?|[\n\u2028\u2029]/u)) {
    const trimmed = raw.trim();
    const line = trimmed.replace(BULLET, '');
    if (!/[\p{L}\p{N}]/u.test(line)) continue;
    const previous = lines.at(-1);
    const bulleted = line !== trimmed;
    if (previous !== undefined && !bulleted && continues({ previous, line }))
      lines[lines.length - 1] = `${previous} ${line}`;
    else lines.push(line);
  }
  return lines.map((line) => (/[.!?:;…]["”»)\]]*$/u.test(line) ? line : `${line.replace(/[,\s]+$/u, '')}.`));
}

/** A line that begins with a small letter, or follows a comma, goes on with the sentence; "a)" begins a list item. */
function continues({ previous, line }: { previous: string; line: string }): boolean {
  if (/[.!?:;…]["”»)\]]*$/u.test(previous)) return false;
  return /^\p{Ll}(?![).])/u.test(line) || /,$/u.test(previous);
}
