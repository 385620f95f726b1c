/**
 * How the server says no: a value with a code for programs and a sentence in both languages that a person can act
 * on. Thrown exceptions are for broken invariants only.
 */

export interface Refusal {
  /** Kebab-case, stable; becomes `urn:loa:problem:<code>`. */
  code: string;
  /** HTTP status it answers with. */
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503 | 507;
  vi: string;
  en: string;
  /** Dotted path of the field at fault. */
  field?: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export function accept<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function refuse(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}
