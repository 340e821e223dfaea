/**
 * Which identifiers of a request are erased or under way in an earlier request of the same account already, found while
 * it is a draft and kept from then on: why one was left out, or sent although it was known.
 */
export const historyRepeats = {
  number: 80,
  name: 'repeats of the history',
  sql: `
ALTER TABLE request ADD COLUMN repeats_decision TEXT NOT NULL DEFAULT 'leave out'
  CHECK (repeats_decision IN ('leave out', 'send again'));
-- Grows with everything that changes the rows of a draft; a comparison begun under another number stops.
ALTER TABLE request ADD COLUMN repeats_run INTEGER NOT NULL DEFAULT 0;
-- What the last whole comparison was made from; null: none is valid.
ALTER TABLE request ADD COLUMN repeats_stamp TEXT;
-- How many requests of the account had been sent by then.
ALTER TABLE request ADD COLUMN repeats_sent INTEGER;

CREATE TABLE history_repeat (
  request_id INTEGER NOT NULL REFERENCES request (id) ON DELETE CASCADE,
  identifier_id INTEGER NOT NULL,
  earlier_id INTEGER NOT NULL,         -- the identifier of the other request
  earlier_request_id INTEGER NOT NULL,
  earlier_state INTEGER NOT NULL,      -- as it was when they were compared
  earlier_at INTEGER NOT NULL,         -- since when it was in that state
  PRIMARY KEY (request_id, identifier_id)
) STRICT, WITHOUT ROWID;

-- What history_repeat adds up to for each earlier request; written at the end of a comparison.
CREATE TABLE history_repeat_count (
  request_id INTEGER NOT NULL REFERENCES request (id) ON DELETE CASCADE,
  earlier_request_id INTEGER NOT NULL,
  erased INTEGER NOT NULL,
  under_way INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (request_id, earlier_request_id)
) STRICT, WITHOUT ROWID;
`,
} as const
