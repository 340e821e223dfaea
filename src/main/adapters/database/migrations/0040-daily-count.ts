/**
 * What was settled per day is counted apart for the sandbox, and by the operator's own calendar instead of UTC. Counted
 * anew from the identifiers: 6 to 11 are the settled states.
 */
export const dailyCount = {
  number: 40,
  name: 'daily counts apart',
  sql: `
DROP TABLE daily_count;
CREATE TABLE daily_count (
  day TEXT NOT NULL,                -- YYYY-MM-DD on this machine's calendar
  state INTEGER NOT NULL,
  sandbox INTEGER NOT NULL,         -- 1: of a connection to the sandbox
  count INTEGER NOT NULL,
  PRIMARY KEY (day, state, sandbox)
) STRICT, WITHOUT ROWID;
INSERT INTO daily_count (day, state, sandbox, count)
  SELECT date(i.state_at / 1000, 'unixepoch', 'localtime'), i.state, c.environment = 'sandbox', count(*)
  FROM identifier i JOIN request r ON r.id = i.request_id JOIN connection c ON c.id = r.connection_id
  WHERE i.state BETWEEN 6 AND 11 GROUP BY 1, 2, 3;
`,
} as const
