/**
 * What vendors need that have no bots, whose calls can be taken back, and that refuse a call because of tasks that run
 * already: see commands/conflict.ts and commands/cancel.ts. `scope` is made anew for its wider CHECK.
 */
export const anyVendor = {
  number: 100,
  name: 'any vendor',
  rebuilds: true,
  sql: `
CREATE TABLE scope_anew (
  id INTEGER PRIMARY KEY,
  -- An empty list of bots can not be written down, so it can never be sent. A CHECK that comes to NULL would let one
  -- pass that is not there at all.
  canonical TEXT NOT NULL UNIQUE CHECK ((
    canonical IN ('{"kind":"all bots"}', '{"kind":"everything"}') OR
    (canonical ->> '$.kind' IS 'bots' AND json_array_length(canonical, '$.botIds') > 0 AND canonical ->> '$.botIds[0]' <> '') OR
    (canonical ->> '$.kind' IS 'choice' AND canonical ->> '$.value' <> '')
  ) IS TRUE)
) STRICT;
INSERT INTO scope_anew SELECT id, canonical FROM scope;
DROP TABLE scope;
ALTER TABLE scope_anew RENAME TO scope;

-- Of a batch that follows tasks which the vendor named in a conflict: JSON list of those to be asked next.
ALTER TABLE batch ADD COLUMN other_tasks TEXT;
-- Set while the operator's wish to take it back waits to be carried out.
ALTER TABLE batch ADD COLUMN cancel_asked_at INTEGER;
CREATE INDEX batch_to_cancel ON batch (connection_id) WHERE cancel_asked_at IS NOT NULL;
`,
} as const
