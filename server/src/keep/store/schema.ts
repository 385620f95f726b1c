/**
 * The tables, as one query layer sees them on SQLite and on PostgreSQL. Instants are epoch ms, JSON is text, booleans
 * are 0 and 1, so that both databases give back what was put in. Migrations make exactly this.
 */
import type { Generated } from 'kysely';

/** Single row (`id` = 1): the installation-wide sequence. `number` grows with every document. */
export interface InstallationTable {
  id: number;
  epoch: number;
  number: number;
  /** Order of acceptance of bulletins. */
  accepted: number;
  time_zone: string;
  created_ms: number;
}

export interface AreasTable {
  id: string;
  parent_id: string | null;
  kind: string;
  name: string;
  /** Lower case, without marks, đ as d: for finding. */
  name_folded: string;
  code: string | null;
  old_district: string | null;
  /** HoursRule as JSON; null inherits from above. */
  hours: string | null;
  /** AreaLimits as JSON. */
  limits: string | null;
  /** Session[] as JSON. */
  sessions: string | null;
  /** Language[] as JSON. */
  languages: string | null;
  /** VolumeSpan[] as JSON. */
  volume: string | null;
  /** First and last civil date in force. */
  valid_from: string | null;
  valid_until: string | null;
  /** string[] as JSON: what it follows. */
  predecessor_ids: string | null;
  /** string[] as JSON: of a named group. */
  member_area_ids: string | null;
  member_cluster_ids: string | null;
  /** `leader`: what its officers schedule waits for one; null inherits. */
  approval: string | null;
  /** `on`: amplifiers stay switched on between items; `off`; null inherits. */
  amplifier: string | null;
}

export interface ClustersTable {
  id: string;
  area_id: string;
  name: string;
  horns: number;
  lat: number | null;
  lon: number | null;
  /** string[] as JSON: ended areas it stood in. */
  former_area_ids: string | null;
  /** When it was carried to where it stands; null: it always stood there. */
  standing_since_ms: number | null;
  /** Its own, before its areas': as in `areas`. */
  languages: string | null;
  volume: string | null;
}

export interface DevicesTable {
  id: string;
  cluster_id: string;
  /** PublicKey as JSON. */
  public_key: string;
  /** Capabilities as JSON. */
  capabilities: string;
  board: string;
  agent_version: string;
  enrolled_ms: number;
  revoked_ms: number | null;
  last_seen_ms: number | null;
  /** Holds as JSON, as last told. */
  holds: string | null;
  /** Readings as JSON, at most some minutes older than what was last told. */
  readings: string | null;
  readings_ms: number | null;
  /** Its newest test of the sound path, as JSON. */
  last_test: string | null;
}

export interface ClaimCodesTable {
  /** SHA-256 of the code, hex. */
  code_hash: string;
  cluster_id: string;
  created_by: string;
  created_ms: number;
  expires_ms: number;
  used_ms: number | null;
  device_id: string | null;
}

export interface PeopleTable {
  id: string;
  login: string;
  name: string;
  role: string;
  area_id: string;
  /** Argon2id in PHC form. */
  password_hash: string;
  created_ms: number;
  disabled_ms: number | null;
}

export interface SignInsTable {
  /** SHA-256 of the cookie's token, hex. */
  token_hash: string;
  person_id: string;
  created_ms: number;
  expires_ms: number;
}

/** A prepared sound, whoever made it. */
export interface ClipsTable {
  /** Hash of the Ogg Opus rendition. */
  id: string;
  duration_ms: number;
  loudness_lufs: number;
  true_peak_dbtp: number;
  /** Rendition[] as JSON. */
  renditions: string;
  created_ms: number;
}

/** In which areas a clip was made, and as what: two communes that speak the same text have one clip and two rows here. */
export interface ClipMakersTable {
  clip_id: string;
  area_id: string;
  title: string;
  origin: string;
  text: string | null;
  created_by: string;
  created_ms: number;
}

export interface BulletinsTable {
  id: string;
  /** Unique per person: the same request again answers the same bulletin. */
  request_id: string;
  class: string;
  title: string;
  clip_id: string;
  /** string[] as JSON. */
  area_ids: string;
  /** When[] as JSON. */
  whens: string;
  now_at_ms: number | null;
  late: string;
  resume: string;
  repeat: string;
  drill: number;
  /** End of an emergency's life; null for the others. */
  expires_ms: number | null;
  state: string;
  accepted_number: number;
  created_by: string;
  created_ms: number;
  withdrawn_ms: number | null;
  withdrawn_by: string | null;
  /** Last instant at which it can still sound, null when it repeats without end: what planning may forget. */
  last_ms: number | null;
  /** string[] as JSON: single clusters addressed. */
  cluster_ids: string | null;
  /** Session in which it is placed. */
  slot: string | null;
  /** Recordings in other languages, as JSON. */
  versions: string | null;
  /** The author's area when it was made. */
  made_in: string | null;
  /** The bulletin from above that it was made from. */
  origin_id: string | null;
  /** A leader's word on what was submitted. */
  decided_by: string | null;
  decision_reason: string | null;
  decided_ms: number | null;
}

/** Days that the government names; silent where limits say so. */
export interface HolidaysTable {
  date: string;
  name: string;
  document: string;
  created_by: string;
  created_ms: number;
}

/** Days on which nothing routine sounds in some areas. */
export interface RestDaysTable {
  id: string;
  /** string[] as JSON. */
  area_ids: string;
  from_date: string;
  until_date: string;
  reason: string;
  document: string;
  created_by: string;
  created_ms: number;
  ended_ms: number | null;
}

/** A named person's permission to sound beside the law. */
export interface ExceptionsTable {
  id: string;
  /** string[] as JSON. */
  area_ids: string;
  from_ms: number;
  until_ms: number;
  reason: string;
  document: string;
  created_by: string;
  created_ms: number;
  ended_ms: number | null;
}

/** Who goes first of two that want one time; the newest decision of a pair in an area. */
export interface TurnsTable {
  area_id: string;
  /** Both occurrences in order of their text. */
  pair: string;
  first_occurrence: string;
  second_occurrence: string;
  /** Nothing of it matters after this. */
  until_ms: number;
  created_by: string;
  created_ms: number;
}

/** What a commune did with a bulletin from above. */
export interface InboxAnswersTable {
  bulletin_id: string;
  area_id: string;
  kind: string;
  reason: string | null;
  /** Its own bulletin made from it. */
  made_id: string | null;
  created_by: string;
  created_ms: number;
}

/** Changes of the law that have been made, so that a request that comes again changes nothing. */
export interface ChangesTable {
  created_by: string;
  request_id: string;
  /** LawChange as JSON. */
  change: string;
  created_ms: number;
}

/** One occurrence on one device, from shortly before its start on. */
export interface AiringsTable {
  occurrence: string;
  device_id: string;
  bulletin_id: string;
  cluster_id: string;
  planned_ms: number;
  until_ms: number;
  phase: string;
  outcome: string | null;
  reason: string | null;
  late_ms: number | null;
  started_ms: number | null;
  ended_ms: number | null;
  plays_done: number;
  evidence: string | null;
  decided_ms: number | null;
  /** 1: told by a board with nothing connected to its output; nobody heard it. */
  shadow: number | null;
}

/** The newest signed document of each topic, as published. */
export interface DocumentsTable {
  topic: string;
  kind: string;
  epoch: number;
  number: number;
  envelope: string;
  published_ms: number;
}

/** Plan bodies fetched by hash. */
export interface BodiesTable {
  hash: string;
  body: string;
  created_ms: number;
}

export interface ReportsTable {
  device_id: string;
  stream: string;
  seq: number;
  at_ms: number;
  received_ms: number;
  /** Report as JSON. */
  report: string;
}

export interface FaultsTable {
  id: string;
  /** The device's own name of it, or the code for one that the server judges. */
  fault: string;
  device_id: string;
  cluster_id: string;
  code: string;
  judged_by: string;
  opened_ms: number;
  cleared_ms: number | null;
  evidence: string;
}

/** Silence by one press. */
export interface RestsTable {
  id: string;
  /** Unique per person. */
  request_id: string;
  /** string[] as JSON. */
  area_ids: string;
  /** string[] as JSON. */
  cluster_ids: string;
  from_ms: number;
  until_ms: number;
  reason: string;
  created_by: string;
  created_ms: number;
  /** Ended by a person before its time. */
  ended_ms: number | null;
}

/** What a person asked of one device: tests, restarts, logs, updates. */
export interface ServicesTable {
  id: string;
  /** Unique per person. */
  request_id: string;
  cluster_id: string;
  device_id: string;
  kind: string;
  created_by: string;
  created_ms: number;
  /** Not in force after this. */
  expires_ms: number;
  /** `done`, `failed`, `refused`; null: nothing heard yet. */
  result: string | null;
  ended_ms: number | null;
  /** Of a test. */
  verdict: string | null;
  /** The device's own words. */
  reason: string | null;
  /** Evidence as JSON. */
  evidence: string | null;
  /** Of an update. */
  release_number: number | null;
  /** Of a log: bytes that have arrived, gzipped; when they were dropped for newer ones. */
  log_bytes: number | null;
  log_gone_ms: number | null;
}

/** Releases of the agent; their bytes lie in a folder by hash. */
export interface ReleasesTable {
  number: number;
  version: string;
  hash: string;
  size_bytes: number;
  /** `loa-release` envelope, signed by the root key. */
  envelope: string;
  added_ms: number;
}

/** Who did what; grows only. */
export interface AuditTable {
  id: Generated<number>;
  at_ms: number;
  who: string;
  action: string;
  target: string;
  detail: string;
}

export interface Tables {
  installation: InstallationTable;
  areas: AreasTable;
  clusters: ClustersTable;
  devices: DevicesTable;
  claim_codes: ClaimCodesTable;
  people: PeopleTable;
  sign_ins: SignInsTable;
  clips: ClipsTable;
  clip_makers: ClipMakersTable;
  bulletins: BulletinsTable;
  airings: AiringsTable;
  documents: DocumentsTable;
  bodies: BodiesTable;
  reports: ReportsTable;
  faults: FaultsTable;
  rests: RestsTable;
  holidays: HolidaysTable;
  rest_days: RestDaysTable;
  exceptions: ExceptionsTable;
  turns: TurnsTable;
  inbox_answers: InboxAnswersTable;
  changes: ChangesTable;
  services: ServicesTable;
  releases: ReleasesTable;
  audit: AuditTable;
}
