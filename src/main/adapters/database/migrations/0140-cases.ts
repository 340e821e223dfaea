/**
 * Cases with their people: see commands/cases.ts. `case` and `person` stood in the first schema for this and were never
 * written; they are made anew as they are used. Whose an identifier is follows from lines: `identifier.person_id` is the
 * person of its own row, and whoever has a row that repeats it is found through that row (queries/people.ts).
 */
export const cases = {
  number: 140,
  name: 'cases',
  rebuilds: true,
  sql: `
DROP TABLE person;
DROP TABLE "case";

CREATE TABLE "case" (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  file_name TEXT NOT NULL,
  person_column TEXT,               -- title of the column that ties rows to one person; null: each row is a person
  regulation TEXT NOT NULL,
  received_on TEXT,
  answer_due TEXT,
  channel TEXT NOT NULL,
  reference TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  reading_ended_at INTEGER,         -- null: its file is being read in
  discarded_at INTEGER              -- on its way out; shown nowhere
) STRICT;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,           -- within a case in the order of their first lines
  case_id INTEGER NOT NULL REFERENCES "case" (id),
  key TEXT,                         -- null: the file gives none, or it was forgotten
  token BLOB,                       -- keyed HMAC of the folded key, 16 bytes; null: a person of one row
  line INTEGER NOT NULL             -- the first that names them
) STRICT;
CREATE INDEX person_by_case ON person (case_id);
CREATE UNIQUE INDEX person_by_token ON person (case_id, token) WHERE token IS NOT NULL;

-- Every record of the file that is not rejected as a whole.
CREATE TABLE person_line (
  case_id INTEGER NOT NULL REFERENCES "case" (id),
  line INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  PRIMARY KEY (case_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_line_by_person ON person_line (person_id);
CREATE INDEX identifier_by_person ON identifier (person_id, request_id, state, decided) WHERE person_id IS NOT NULL;

CREATE INDEX request_by_case ON request (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE case_part (
  case_id INTEGER NOT NULL REFERENCES "case" (id),
  position INTEGER NOT NULL,
  connection_id INTEGER NOT NULL REFERENCES connection (id),
  request_id INTEGER REFERENCES request (id), -- null: left out
  left_out_at INTEGER,
  PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_part_by_request ON case_part (request_id) WHERE request_id IS NOT NULL;

-- Written down before the first one begins, so that none is missed where the app ends between two.
CREATE TABLE case_reading (
  case_id INTEGER NOT NULL REFERENCES "case" (id),
  position INTEGER NOT NULL,
  connection_id INTEGER NOT NULL REFERENCES connection (id),
  titles TEXT NOT NULL,             -- JSON list: the titles of its columns
  import_id INTEGER REFERENCES import (id) ON DELETE SET NULL, -- null: not begun, or gone with its request
  PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_reading_by_import ON case_reading (import_id) WHERE import_id IS NOT NULL;

-- Rows of a case's file that hold nothing for this reading of it.
ALTER TABLE import ADD COLUMN elsewhere_count INTEGER NOT NULL DEFAULT 0;

-- What an operator chose for the columns under a header, for these very connections, by a keyed token of both.
CREATE TABLE case_column_memory (token BLOB PRIMARY KEY, columns TEXT NOT NULL, used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
} as const
