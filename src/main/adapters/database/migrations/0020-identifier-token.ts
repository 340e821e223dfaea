/**
 * Tokens move from an index of `identifier` into a table of their own, so that an import can append rows in the order of
 * the file and enter their tokens afterwards, sorted. A row of a file that is being read in has no entry yet; every other
 * identifier has exactly one. Two indexes named the row's id beside the rowid that each entry ends with anyway.
 */
export const identifierToken = {
  number: 20,
  name: 'identifier tokens',
  sql: `
CREATE TABLE identifier_token (
  token BLOB NOT NULL,
  request_id INTEGER NOT NULL,
  scope_id INTEGER NOT NULL,
  identifier_id INTEGER NOT NULL,
  PRIMARY KEY (token, request_id, scope_id)
) STRICT, WITHOUT ROWID;
INSERT INTO identifier_token (token, request_id, scope_id, identifier_id)
  SELECT token, request_id, scope_id, id FROM identifier ORDER BY token, request_id, scope_id;
DROP INDEX identifier_by_token;
DROP INDEX identifier_by_state;
CREATE INDEX identifier_by_state ON identifier (request_id, state);
DROP INDEX identifier_unbatched;
CREATE INDEX identifier_unbatched ON identifier (request_id, scope_id) WHERE state = 2 AND batch_id IS NULL;
`,
} as const
