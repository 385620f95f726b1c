/**
 * Requests that the server itself makes to another program. A simulation hands in its own.
 */

/** As the platform's `fetch`. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The machine's network. */
export const machineFetch: Fetch = (url, init) => fetch(url, init);
