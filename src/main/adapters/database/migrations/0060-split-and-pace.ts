/**
 * What a split needs to be shown and to end, and what a connection needs that the vendor's server errors slow down or
 * stop: see commands/split.ts and commands/breaker.ts.
 */
export const splitAndPace = {
  number: 60,
  name: 'split and pace',
  sql: `
CREATE INDEX batch_by_parent ON batch (parent_id) WHERE parent_id IS NOT NULL;

-- JSON StopCause where the app itself paused the request; null: a person did, or nobody.
ALTER TABLE request ADD COLUMN paused_cause TEXT;
-- The vendor's words for which it did: a person who resumes has answered for them.
ALTER TABLE request ADD COLUMN asked_about TEXT;

-- 'one by one': the vendor's last answer was a server error; 'trial': resumed, and nothing has gone through yet.
ALTER TABLE connection ADD COLUMN pace TEXT NOT NULL DEFAULT 'full' CHECK (pace IN ('full', 'one by one', 'trial'));
ALTER TABLE connection ADD COLUMN hold_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN server_errors INTEGER NOT NULL DEFAULT 0; -- in a row
ALTER TABLE connection ADD COLUMN server_errors_since INTEGER;
`,
} as const
