/** What a step of the schema is made of, on either database. Only shapes. */

/** What differs between the databases' column types. */
export interface ColumnTypes {
  /** 64-bit whole number. */
  integer: string;
  /** Double. */
  real: string;
  /** UTF-8, compared by bytes. */
  text: string;
  /** Primary key that the database counts up. */
  growingId: string;
  /** Stands behind the closing bracket of a table. */
  end: string;
}

export interface Migration {
  name: string;
  statements(types: ColumnTypes): string[];
}
