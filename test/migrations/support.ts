import type { Sql } from '../../src/main/adapters/database/sql.ts'

/** The rows of every table, in a form that can be compared. */
export function everything(sql: Sql): Record<string, readonly unknown[]> {
  const tables = sql
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
    .all()
  return Object.fromEntries(tables.map(({ name }) => [name, sql.prepare(`SELECT * FROM "${name}"`).raw().all()]))
}

/** An account and a connection, both with the id 1, as any version of the schema takes them. */
export function putConnection(sql: Sql): void {
  sql.exec(`
    INSERT INTO account VALUES (1, 'kore', 'Main', '[{"milliseconds":60000,"calls":60}]', 0, NULL);
    INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
      created_at) VALUES (1, 1, 'kore', 'Main', 'production', 'https://example.org', 'cs-1', 'reference-1', '{}', 1);
  `)
}
