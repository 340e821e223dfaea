/**
 * Copies of what a vendor has about the people of a request: see commands/retrieval.ts. The link to a copy's file stands
 * nowhere in the history, since whoever has it has the data.
 */
export const retrieval = {
  number: 120,
  name: 'retrieval',
  sql: `
CREATE TABLE retrieval (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES request (id) ON DELETE CASCADE,
  connection_id INTEGER NOT NULL REFERENCES connection (id),
  number INTEGER NOT NULL,
  scope_id INTEGER NOT NULL REFERENCES scope (id),
  disclosure TEXT,
  again_of INTEGER,                 -- number of the one it was asked for again from
  -- 'preparing': its ask is being written; 'left': an operator waits for it no longer.
  status TEXT NOT NULL CHECK (status IN
    ('preparing', 'queued', 'sending', 'accepted', 'ready', 'failed', 'outcome unknown', 'left')),
  size INTEGER NOT NULL,
  vendor_request_id TEXT,
  vendor_words TEXT,
  note TEXT,
  not_before INTEGER NOT NULL DEFAULT 0,
  asked_at INTEGER NOT NULL,
  accepted_at INTEGER,
  ready_at INTEGER,
  next_poll_at INTEGER,
  polls INTEGER NOT NULL DEFAULT 0,
  polling INTEGER NOT NULL DEFAULT 0, -- one status call at a time
  answer_at INTEGER,
  link_expires_at INTEGER,          -- as the link said; null: it did not
  link_refused_at INTEGER,
  used TEXT CHECK (used IN ('saved', 'opened')),
  used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX retrieval_by_number ON retrieval (request_id, number);
CREATE INDEX retrieval_to_send ON retrieval (connection_id, not_before) WHERE status = 'queued';
CREATE INDEX retrieval_to_poll ON retrieval (connection_id, next_poll_at) WHERE next_poll_at IS NOT NULL;

CREATE TABLE retrieval_member (
  retrieval_id INTEGER NOT NULL REFERENCES retrieval (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  identifier_id INTEGER NOT NULL REFERENCES identifier (id) ON DELETE CASCADE,
  PRIMARY KEY (retrieval_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX retrieval_member_by_identifier ON retrieval_member (identifier_id);

-- Not a reference: an attempt outlives a draft that is discarded.
ALTER TABLE attempt ADD COLUMN retrieval_id INTEGER;
`,
} as const
