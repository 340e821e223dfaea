/**
 * The first schema. Times are milliseconds since 1970. States and kinds are the numbers of src/shared/model.
 * The value of an identifier stands in `identifier` and, wipeable, in `identifier_alias`, `delivery.sent_form`
 * and `import_row.raw`; everything else refers to it by id or by its keyed token.
 */
export const firstSchema = {
  number: 10,
  name: 'first schema',
  sql: `
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row: who may send. Every write of the engine names the epoch it was given.
CREATE TABLE sender (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, taken_at INTEGER NOT NULL) STRICT;
INSERT INTO sender VALUES (1, 0, 0);

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  name TEXT NOT NULL,
  windows TEXT NOT NULL,            -- JSON [{milliseconds, calls}]
  margin REAL NOT NULL,
  hold_until INTEGER                -- set after a 429 of the vendor's
) STRICT;

CREATE TABLE connection (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  vendor TEXT NOT NULL,
  name TEXT NOT NULL,
  environment TEXT NOT NULL,
  is_sandbox INTEGER NOT NULL DEFAULT 0,
  origin TEXT NOT NULL,
  client_id TEXT NOT NULL,
  secret_reference TEXT NOT NULL,   -- names an entry of the keychain; never the secret
  secret_saved_at INTEGER,
  settings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  first_used_at INTEGER,
  retired_at INTEGER,
  stopped TEXT,                     -- JSON StopCause: the line stands still
  last_test TEXT                    -- JSON ConnectionTest
) STRICT;

CREATE TABLE person (id INTEGER PRIMARY KEY, key_token BLOB) STRICT;
CREATE TABLE "case" (id INTEGER PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;

-- An empty list of bots can not be written down, so it can never be sent.
CREATE TABLE scope (
  id INTEGER PRIMARY KEY,
  canonical TEXT NOT NULL UNIQUE CHECK (
    canonical = '{"kind":"all bots"}' OR
    (canonical ->> '$.kind' IS 'bots' AND json_array_length(canonical, '$.botIds') > 0 AND canonical ->> '$.botIds[0]' <> '')
  )
) STRICT;

CREATE TABLE request (
  id INTEGER PRIMARY KEY,
  case_id INTEGER REFERENCES "case" (id),
  connection_id INTEGER NOT NULL REFERENCES connection (id),
  name TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('draft', 'open', 'closed')),
  scope_id INTEGER REFERENCES scope (id),
  regulation TEXT NOT NULL,
  received_on TEXT,
  answer_due TEXT,                  -- as the operator set it
  due_on TEXT,                      -- that day, else the regulation's
  channel TEXT NOT NULL,
  reference TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  plan_digest TEXT,                 -- of the plan that was sent
  batch_numbers INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  closed_at INTEGER,
  paused_at INTEGER,
  scope_folding INTEGER NOT NULL DEFAULT 0, -- 1: rows are being folded into the scope; done at the next start if interrupted
  discarded_at INTEGER              -- a draft on its way out; shown nowhere
) STRICT;
CREATE INDEX request_by_phase ON request (phase, id);
CREATE INDEX request_by_connection ON request (connection_id, phase);

CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES request (id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  byte_size INTEGER NOT NULL,
  format TEXT NOT NULL,
  roles TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'cancelled')),
  progress REAL NOT NULL DEFAULT 0,
  row_count INTEGER NOT NULL DEFAULT 0,
  identifier_count INTEGER NOT NULL DEFAULT 0,
  duplicate_count INTEGER NOT NULL DEFAULT 0,
  reject_count INTEGER NOT NULL DEFAULT 0,
  findings TEXT NOT NULL DEFAULT '[]',
  failure TEXT,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX import_by_request ON import (request_id);

-- Rows that became no identifier of their own. A row that did is found by (import_id, line) of its identifier.
CREATE TABLE import_row (
  import_id INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  end_line INTEGER NOT NULL,
  disposition TEXT NOT NULL CHECK (disposition IN ('duplicate', 'reject')),
  reason TEXT NOT NULL,
  identifier_id INTEGER,            -- of a duplicate: the identifier it repeats
  duplicate_of_line INTEGER,
  raw TEXT,
  PRIMARY KEY (import_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_by_disposition ON import_row (import_id, disposition, line);
CREATE INDEX import_row_by_identifier ON import_row (identifier_id) WHERE identifier_id IS NOT NULL;

-- Drafts only: rows that named in their own cell the very scope of the request and repeat a row that left it open.
-- Each is counted as a duplicate (import_row) and stands here so that another scope brings it back.
CREATE TABLE folded_row (
  import_id INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  request_id INTEGER NOT NULL REFERENCES request (id) ON DELETE CASCADE,
  identifier_id INTEGER NOT NULL,   -- the row it repeats
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  channel_id TEXT,
  token BLOB NOT NULL,
  scope_id INTEGER NOT NULL,
  case_reference TEXT,
  PRIMARY KEY (import_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX folded_row_by_request ON folded_row (request_id);

-- Which columns an operator chose for a header, by a keyed token of the header.
CREATE TABLE column_memory (header_token BLOB PRIMARY KEY, roles TEXT NOT NULL, used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE identifier (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES request (id),
  person_id INTEGER REFERENCES person (id),
  import_id INTEGER,
  line INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  value TEXT,                       -- null once forgotten
  channel_id TEXT,
  token BLOB NOT NULL,              -- keyed HMAC over kind and folded value, 16 bytes
  scope_id INTEGER NOT NULL DEFAULT 0, -- 0: the request's own scope
  state INTEGER NOT NULL,
  decided INTEGER NOT NULL DEFAULT 0,
  batch_id INTEGER,                 -- the batch it is in now; null: not in a call yet
  case_reference TEXT,
  state_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identifier_by_token ON identifier (token, request_id, scope_id);
CREATE INDEX identifier_by_request ON identifier (request_id);
CREATE INDEX identifier_by_state ON identifier (request_id, state, id);
CREATE INDEX identifier_unbatched ON identifier (request_id, scope_id, id) WHERE state = 2 AND batch_id IS NULL;
CREATE INDEX identifier_by_batch ON identifier (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE identifier_alias (
  id INTEGER PRIMARY KEY,
  identifier_id INTEGER NOT NULL REFERENCES identifier (id) ON DELETE CASCADE,
  value TEXT,
  source TEXT NOT NULL CHECK (source IN ('other spelling', 'look-up', 'operator')),
  import_id INTEGER,
  line INTEGER,
  recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX identifier_alias_by_identifier ON identifier_alias (identifier_id);

-- Kept in step by every command that moves identifiers, in the same transaction.
CREATE TABLE identifier_count (
  request_id INTEGER NOT NULL REFERENCES request (id) ON DELETE CASCADE,
  state INTEGER NOT NULL,
  decided INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (request_id, state, decided)
) STRICT, WITHOUT ROWID;

-- Settled per day (UTC, YYYY-MM-DD) and state, for the overview.
CREATE TABLE daily_count (day TEXT NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, state)) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES request (id),
  connection_id INTEGER NOT NULL REFERENCES connection (id),
  number INTEGER NOT NULL,
  scope_id INTEGER NOT NULL REFERENCES scope (id),
  parent_id INTEGER REFERENCES batch (id),
  reason TEXT CHECK (reason IN ('split', 'retry', 'resend')),
  origin TEXT NOT NULL DEFAULT 'ours' CHECK (origin IN ('ours', 'adopted')),
  status TEXT NOT NULL CHECK (status IN ('queued', 'sending', 'accepted', 'finished', 'outcome unknown', 'rejected', 'resolved')),
  size INTEGER NOT NULL,
  vendor_request_id TEXT,
  vendor_words TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  accepted_at INTEGER,
  finished_at INTEGER,
  next_poll_at INTEGER,
  polls INTEGER NOT NULL DEFAULT 0,
  polling INTEGER NOT NULL DEFAULT 0, -- one poll in flight per batch
  answer_digest TEXT,
  answer_at INTEGER,
  answer_attempt_id INTEGER,        -- an answer to an earlier attempt than this is dropped
  quiet_since INTEGER
) STRICT;
CREATE UNIQUE INDEX batch_by_number ON batch (request_id, number);
CREATE INDEX batch_due ON batch (connection_id, status, not_before);
CREATE INDEX batch_to_poll ON batch (connection_id, next_poll_at) WHERE next_poll_at IS NOT NULL;
CREATE INDEX batch_next_poll ON batch (request_id, next_poll_at) WHERE next_poll_at IS NOT NULL;
CREATE INDEX batch_by_vendor_request ON batch (vendor_request_id) WHERE vendor_request_id IS NOT NULL;

-- What became of the identifiers of each batch, kept in step like identifier_count. One that has left for another
-- batch stays counted where it was, as decided.
CREATE TABLE batch_count (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  state INTEGER NOT NULL,
  decided INTEGER NOT NULL,
  request_id INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (batch_id, state, decided)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_count_waiting ON batch_count (request_id, state) WHERE decided = 0 AND state IN (1, 5, 9) AND count > 0;

CREATE TABLE delivery (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  position INTEGER NOT NULL,
  identifier_id INTEGER NOT NULL REFERENCES identifier (id),
  sent_form TEXT,                   -- the JSON that stood in the call; wipeable
  result INTEGER,                   -- a state's number
  vendor_words TEXT,
  basis TEXT,
  basis_reason TEXT,
  result_at INTEGER,
  PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_by_identifier ON delivery (identifier_id);

-- Ids that the vendor named in a batch and that nobody submitted there; wipeable.
CREATE TABLE named_stranger (
  batch_id INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  value TEXT,
  status TEXT NOT NULL,
  success INTEGER NOT NULL,
  PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  jti TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('erase', 'status', 'test')),
  account_id INTEGER NOT NULL REFERENCES account (id),
  connection_id INTEGER NOT NULL REFERENCES connection (id),
  request_id INTEGER,
  batch_id INTEGER REFERENCES batch (id),
  epoch INTEGER NOT NULL,
  reserved_at INTEGER NOT NULL,
  timeout_milliseconds INTEGER NOT NULL,
  -- The call weighs on every window until spent_from + window; null: it certainly never reached the vendor.
  spent_from INTEGER,
  digest TEXT,                      -- SHA-256 of the body instead of the body
  stage TEXT,
  ended_at INTEGER,
  ending TEXT,
  http_status INTEGER,
  vendor_words TEXT
) STRICT;
CREATE INDEX attempt_budget ON attempt (account_id, spent_from);
CREATE INDEX attempt_by_batch ON attempt (batch_id);
CREATE INDEX attempt_by_request ON attempt (request_id, id);
CREATE INDEX attempt_under_way ON attempt (kind) WHERE ended_at IS NULL;

-- Append-only. The payload is canonical JSON without any identifier's value.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (actor IN ('operator', 'app', 'vendor')),
  kind TEXT NOT NULL,
  words TEXT NOT NULL,
  reason TEXT,
  request_id INTEGER,
  connection_id INTEGER,
  batch_id INTEGER,
  payload TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX event_by_request ON event (request_id, id);
CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
`,
} as const
