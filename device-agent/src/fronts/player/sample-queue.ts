/**
 * Samples between a decoder and the pacer, in order. Holds whatever it is given: its users bound it. Pure but for its
 * own state.
 */

/** Bytes in, samples out; a piece may end in the middle of a sample. */
export class SampleQueue {
  #pieces: Int16Array[] = [];
  #odd = Buffer.alloc(0);
  length = 0;

  /** Leaves out the first `skip` samples; gives how many those were, and what it took. */
  add(piece: Buffer, skip: number): { skipped: number; added: Int16Array } {
    const bytes = this.#odd.length === 0 ? piece : Buffer.concat([this.#odd, piece]);
    const count = bytes.length >> 1;
    this.#odd = Buffer.from(bytes.subarray(count * 2));
    const skipped = Math.min(skip, count);
    const samples = new Int16Array(count - skipped);
    for (let index = skipped; index < count; index += 1) samples[index - skipped] = bytes.readInt16LE(index * 2);
    if (samples.length > 0) this.#pieces.push(samples);
    this.length += samples.length;
    return { skipped, added: samples };
  }

  /** The oldest are given up. */
  drop(count: number): void {
    let left = Math.min(count, this.length);
    this.length -= left;
    while (left > 0) {
      const first = this.#pieces[0];
      if (first === undefined) throw new Error('The queue holds fewer samples than it counts');
      if (first.length > left) this.#pieces[0] = first.subarray(left);
      else this.#pieces.shift();
      left -= Math.min(left, first.length);
    }
  }

  take(count: number): Int16Array {
    const taken = new Int16Array(Math.min(count, this.length));
    let filled = 0;
    while (filled < taken.length) {
      const first = this.#pieces[0];
      if (first === undefined) throw new Error('The queue holds fewer samples than it counts');
      const part = first.subarray(0, taken.length - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(part.length);
    }
    this.length -= taken.length;
    return taken;
  }

  clear(): void {
    this.#pieces = [];
    this.length = 0;
  }
}
