/** What the sender knows of the clock, so that one which was set is noticed (`commands/clock.ts`). */
export const steadyTime = {
  number: 30,
  name: 'steady time',
  sql: `
-- The latest date at which a sender wrote, on the clock as it stood.
ALTER TABLE sender ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
-- The present sender's date less its steady clock, both in milliseconds.
ALTER TABLE sender ADD COLUMN clock_offset INTEGER NOT NULL DEFAULT 0;
UPDATE sender SET seen_at = max(
  taken_at,
  coalesce((SELECT max(reserved_at, coalesce(ended_at, 0)) FROM attempt ORDER BY id DESC LIMIT 1), 0)
);
`,
} as const
