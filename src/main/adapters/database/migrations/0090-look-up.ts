/**
 * What a batch needs to be looked up before it is sent (`commands/look-up.ts`). A call's kind is held by a constraint, and
 * a constraint changes only with its table: `attempt` is made anew, with every row under its id. Three kinds are foreseen.
 */
export const lookUp = {
  number: 90,
  name: 'look-up before sending',
  sql: `
CREATE TABLE attempt_anew (
  id INTEGER PRIMARY KEY,
  jti TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('erase', 'status', 'test', 'look-up', 'cancel', 'retrieve', 'retrieval status')),
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
INSERT INTO attempt_anew (id, jti, kind, account_id, connection_id, request_id, batch_id, epoch, reserved_at,
    timeout_milliseconds, spent_from, digest, stage, ended_at, ending, http_status, vendor_words)
  SELECT id, jti, kind, account_id, connection_id, request_id, batch_id, epoch, reserved_at,
    timeout_milliseconds, spent_from, digest, stage, ended_at, ending, http_status, vendor_words
  FROM attempt ORDER BY id;
DROP TABLE attempt;
ALTER TABLE attempt_anew RENAME TO attempt;
CREATE INDEX attempt_budget ON attempt (account_id, spent_from);
CREATE INDEX attempt_by_batch ON attempt (batch_id);
CREATE INDEX attempt_by_request ON attempt (request_id, id);
CREATE INDEX attempt_under_way ON attempt (kind) WHERE ended_at IS NULL;

-- 'without': the look-up could not be had. A batch made from another one takes this over.
ALTER TABLE batch ADD COLUMN looked_up TEXT NOT NULL DEFAULT 'none' CHECK (looked_up IN ('none', 'answered', 'without'));
ALTER TABLE batch ADD COLUMN looking_up INTEGER NOT NULL DEFAULT 0; -- its look-up is under way
ALTER TABLE batch ADD COLUMN look_ups_unanswered INTEGER NOT NULL DEFAULT 0;
`,
} as const
