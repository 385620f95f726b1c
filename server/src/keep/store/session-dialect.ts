/**
 * Kysely over one leased session: the typed query builder, with transactions left to the store. The lease ends with
 * the caller's read or write; a query that comes later, or after one that failed, is refused loudly.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Flavour } from './engine.ts';
import type { Tables } from './schema.ts';
import type { Session } from './session.ts';

/** One caller's use of a session, from its first query to its last. */
export interface Lease {
  db: Kysely<Tables>;
  /** The first query that failed, undefined when all went well. */
  failure(): unknown;
  /** Queries from here on are refused. */
  end(): void;
}

export function leaseSession(session: Session, flavour: Flavour): Lease {
  const connection = new LeasedConnection(session);
  return {
    db: new Kysely<Tables>({ dialect: createDialect(flavour, new LeaseDriver(connection)) }),
    failure: () => connection.failure,
    end: () => connection.end(),
  };
}

class LeasedConnection implements DatabaseConnection {
  failure: unknown;
  readonly #session: Session;
  #isOpen = true;
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // One at a time, in the order asked: pg wants it, and a failure must stop what stands behind it.
    const result = this.#last.then(() => this.#execute<R>(query));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#isOpen) throw new Error(`This query came after its read or write had ended: ${query.sql}`);
    if (this.failure !== undefined)
      throw new Error('An earlier query of this read or write failed, so all of it will be undone', {
        cause: this.failure,
      });
    try {
      const { rows, changes } = await this.#session.run(query.sql, query.parameters);
      // Kysely's own contract: rows have the shape that the query says, and nothing here can check it.
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  // biome-ignore lint/correctness/useYield: refused before anything could be yielded.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store does not stream: ask for a page at a time');
  }

  end(): void {
    this.#isOpen = false;
  }
}

class LeaseDriver implements Driver {
  readonly #connection: LeasedConnection;

  constructor(connection: LeasedConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/** Kysely would else let one query at a time through for the whole of SQLite. */
class LeaseSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

function createDialect(flavour: Flavour, driver: Driver): Dialect {
  return flavour === 'sqlite'
    ? {
        createAdapter: () => new LeaseSqliteAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      }
    : {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      };
}
