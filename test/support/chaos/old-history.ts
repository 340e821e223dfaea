/** A history as an earlier version left it, with rows in every table that its first version had of its use. */
import { mkdirSync } from 'node:fs'
import { migrations } from '../../../src/main/adapters/database/migrations/index.ts'
import { migrate } from '../../../src/main/adapters/database/migrations/migrate.ts'
import { all, type Sql } from '../../../src/main/adapters/database/sql.ts'
import { must, withHistory } from '../engine.ts'

/** Of the draft; as many again are in a request whose calls were answered. */
const people = 120
const perBatch = 40

/**
 * Makes a history of the version `number` in `folder`: a draft that was read in, and a request that was sent, with a
 * batch that is erased, one that is asked about and one that is queued. It was closed in order, so no log lies beside it.
 */
export function makeHistoryOf(number: number, folder: string): void {
  mkdirSync(folder, { recursive: true })
  withHistory(folder, (sql) => {
    must(migrate(sql, migrations.slice(0, 1), null))
    sql.exec(rows)
    const steps = migrations.filter((migration) => migration.number <= number)
    must(migrate(sql, steps, null))
    sql.pragma('wal_checkpoint(TRUNCATE)')
  })
}

/** Every row of every table, by the table's name. */
export function everyRow(sql: Sql): unknown {
  const tables = all<{ name: string }>(sql, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
  return tables.map(({ name }) => [name, sql.prepare(`SELECT * FROM "${name}"`).raw().all()])
}

const rows = `
  INSERT INTO account VALUES (1, 'kore', 'Account', '[{"milliseconds":60000,"calls":60}]', 0, NULL);
  INSERT INTO connection (id, account_id, vendor, name, environment, origin, client_id, secret_reference, settings,
    created_at) VALUES (1, 1, 'kore', 'Connection', 'sandbox', 'http://127.0.0.1:9', 'cs-1', 'none', '{}', 0);
  INSERT INTO scope (id, canonical) VALUES (5, '{"kind":"all bots"}');
  INSERT INTO request (id, connection_id, name, phase, scope_id, regulation, channel, reference, created_at, sent_at,
      batch_numbers)
    VALUES (7, 1, 'Draft', 'draft', NULL, 'other', 'other', '', 1, NULL, 0), (8, 1, 'Sent', 'open', 5, 'other', 'other', '', 1, 2, 3);
  INSERT INTO import (id, request_id, file_name, byte_size, format, roles, status, row_count, identifier_count,
      duplicate_count, reject_count, started_at, finished_at)
    VALUES (1, 7, 'people.csv', 1, '{}', '[]', 'done', ${people + 2}, ${people}, 1, 1, 1, 2);
  INSERT INTO import_row VALUES (1, ${people + 2}, ${people + 2}, 'duplicate', 'repeats line 2', 1, 2, 'person-2'),
    (1, ${people + 3}, ${people + 3}, 'reject', 'empty', NULL, NULL, '');
  WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${2 * people - 1})
  INSERT INTO identifier (id, request_id, import_id, line, kind, value, token, state, batch_id, state_at)
    SELECT i + 1, iif(i < ${people}, 7, 8), iif(i < ${people}, 1, NULL), i + 2, 2, 'person-' || (i + 2),
      CAST(printf('%016x', i * 2654435761 % 4294967296) AS BLOB),
      CASE WHEN i < ${people} THEN 2 WHEN i < ${people + perBatch} THEN 6 WHEN i < ${people + 2 * perBatch} THEN 4 ELSE 2 END,
      iif(i < ${people}, NULL, 1 + (i - ${people}) / ${perBatch}), 3
    FROM n;
  INSERT INTO identifier_alias (identifier_id, value, source, import_id, line, recorded_at)
    VALUES (1, 'Person-2', 'other spelling', 1, ${people + 2}, 1);
  INSERT INTO batch (id, request_id, connection_id, number, scope_id, status, size, vendor_request_id, created_at,
      accepted_at, finished_at, next_poll_at, polls)
    VALUES (1, 8, 1, 1, 5, 'finished', ${perBatch}, 'eud-1', 2, 3, 4, NULL, 2),
      (2, 8, 1, 2, 5, 'accepted', ${perBatch}, 'eud-2', 2, 3, NULL, 9000, 1),
      (3, 8, 1, 3, 5, 'queued', ${perBatch}, NULL, 2, NULL, NULL, NULL, 0);
  INSERT INTO delivery (batch_id, position, identifier_id, sent_form, result, vendor_words, basis, result_at)
    SELECT batch_id, (id - 1) % ${perBatch}, id, iif(state = 2, NULL, '"person"'), iif(state = 6, 6, NULL),
      iif(state = 6, 'SUCCESS', NULL), iif(state = 6, 'named by the vendor', NULL), iif(state = 6, 4, NULL)
    FROM identifier WHERE batch_id IS NOT NULL;
  INSERT INTO named_stranger VALUES (1, 0, 'somebody', 'SUCCESS', 1);
  INSERT INTO attempt (jti, kind, account_id, connection_id, request_id, batch_id, epoch, reserved_at,
      timeout_milliseconds, spent_from, digest, stage, ended_at, ending, http_status)
    VALUES ('jti-1', 'erase', 1, 1, 8, 1, 1, 2, 1000, 3, 'digest', 'body', 3, 'accepted', 200),
      ('jti-2', 'erase', 1, 1, 8, 2, 1, 2, 1000, 3, 'digest', 'body', 3, 'accepted', 200),
      ('jti-3', 'status', 1, 1, 8, 1, 1, 4, 1000, 5, NULL, 'body', 5, 'answered', 200);
  UPDATE sender SET epoch = 1, taken_at = 2;
  INSERT INTO event (at, actor, kind, words, request_id, batch_id) VALUES
    (2, 'operator', 'sent', 'Sent.', 8, NULL), (3, 'vendor', 'accepted', 'Batch 1 was accepted.', 8, 1);
  INSERT INTO identifier_count SELECT request_id, state, 0, count(*) FROM identifier GROUP BY 1, 2;
  INSERT INTO batch_count SELECT batch_id, state, 0, request_id, count(*) FROM identifier
    WHERE batch_id IS NOT NULL GROUP BY 1, 2;
  INSERT INTO daily_count VALUES ('1970-01-01', 6, ${perBatch});
  INSERT INTO column_memory VALUES (x'0102', '[]', 1);
  INSERT INTO setting VALUES ('appearance', 'dark');
`
