/** What no promise can ask of a machine, each with its reason. */

/** Decoders' rounding, and what a card has taken when it is told to stop. */
export const cardMs = 150;
/** What a length told by a drifting clock may be wrong by. */
export const clockMs = 10;
