/** What is handed to a board without a screen so that it enrols itself: a link for a phone, or a file for its card. Pure. */

export interface HandOut {
  /** Address of the server, `https://loa.example`. */
  server: string;
  /** As it was printed, `7KQ2M-X4T9D`. */
  claimCode: string;
}

/**
 * Where a board's own Wi-Fi has its page: what NetworkManager gives a shared network, and the port of `LOA_LOCAL_PAGE` in
 * the package's agent.env. Not 80: the agent runs without privileges, and a phone that scans minds no port.
 */
export const boardAddress = 'http://10.42.0.1:8080';

/** Opens the board's page with both filled in. Behind the hash, so that nothing of it travels or is logged. */
export function enrolLinkOf({ server, claimCode }: HandOut): string {
  return `${boardAddress}/enrol#code=${encodeURIComponent(claimCode)}&server=${encodeURIComponent(server)}`;
}

/** The file `loa-enrol.txt`. */
export function enrolFileOf({ server, claimCode }: HandOut): string {
  return `server=${server}\ncode=${claimCode}\n`;
}
