/**
 * What the sender knows of the clock, so that one which was set is noticed (`commands/clock.ts`); and which entries of
 * the keychain no connection names (`commands/left-secrets.ts`).
 */
export const steadyTimeAndLeftSecrets = {
  number: 30,
  name: 'steady time and left secrets',
  sql: `
-- The latest date at which a sender wrote, on the clock as it stood.
ALTER TABLE sender ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
-- The present sender's date less its steady clock, both in milliseconds.
ALTER TABLE sender ADD COLUMN clock_offset INTEGER NOT NULL DEFAULT 0;
UPDATE sender SET seen_at = max(
  taken_at,
  coalesce((SELECT max(reserved_at, coalesce(ended_at, 0)) FROM attempt ORDER BY id DESC LIMIT 1), 0)
);

-- Entries of the keychain that are to be removed; the names alone, never a secret.
CREATE TABLE left_secret (
  reference TEXT PRIMARY KEY,
  after_attempt INTEGER             -- once no attempt up to this one is under way; null: being saved, at the next start
) STRICT, WITHOUT ROWID;
`,
} as const
