/** The conductor's figures, each with its reason. Pure. */

/** Decoding ahead of a planned start: a small board needs about a second to spawn its decoder, twice that under load. */
export const prepareLeadMs = 4_000;

/** The server is asked for the time this long before a planned start, so that the last of the burst is answered by then. */
export const askTimeLeadMs = 11_500;

/** While something sounds the time is asked for so often, so that a group stays together through a long item. */
export const askTimeEveryMs = 5 * 60_000;

/** A station is called this long before a planned start: so long it may take before the clip steps in. */
export const relayLeadMs = 10_000;

/** Kept for the clip to be decoded before the start, when the station has not come. */
export const relayClipLeadMs = 2_000;

/** Called late, a station is given so long at least. */
export const relayPatienceMsMin = 2_000;

/** Where neither the station nor its clip could be had, the next try comes after this. */
export const relayRetryMs = 1_000;

/** The starts of a group of boards (or of a demo's agents on one machine) do not all spawn at one instant. */
export const prepareJitterMs = 400;

/** The ledger's entry is made this long before the first sample, so that a slow card does not make the start late. */
export const commitLeadMs = 300;

/** A late join aims this far ahead, so that decoding up to its place is done in time. */
export const joinLeadMs = 600;

/** An aim that slow decoding missed by more than this is taken anew. */
export const joinAimPatienceMs = 1_000;

/** Items this near are under the conductor's eye: shown in progress, reported when they vanish from the plan. */
export const nearMs = 15 * 60_000;

/** The conductor thinks again at least so often, against whatever nobody told it. */
export const thinkEveryMsMax = 60_000;

/** So long an emergency whose clip is not here yet keeps everything else silent; afterwards the rest may sound again. */
export const emergencyClipPatienceMs = 60_000;

/** After sound could not leave, or a start could not be recorded, the next try comes after this. */
export const outputRetryMs = 2_000;

/** After a failed decoding the next try comes after this. */
export const decoderRetryMs = 1_000;

/** A clip that could not be decoded so often in a row is given up for this occurrence. */
export const decoderTriesMax = 3;

/** What passed while the board was off is reported one by one up to this many a boot; the rest waits for the next. */
export const passedPerBootMax = 500;

/** Further back nothing is judged: the ledger may have forgotten that it sounded (contracts: `ledgerMemoryMs`). */
export const passedHorizonMs = 10 * 86_400_000;

/** A play is whole when no more than this is lacking: what a card has taken when it is told to stop. */
export const wholeWithinMs = 100;

/** One play never begins more often than this, whatever its resume policy: a clip that crashes the board must end. */
export const beginningsMax = 5;

/** Occurrences in one progress message (protocol: 32). */
export const progressMax = 32;
