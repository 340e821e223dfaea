/**
 * A connection slows down and stops after calls without a yes or no of whatever kind, not after server errors alone: see
 * commands/breaker.ts. And it remembers what was too large a call for the vendor: see commands/call-size.ts.
 */
export const unclearAndTooLarge = {
  number: 110,
  name: 'unclear and too large calls',
  sql: `
ALTER TABLE connection RENAME COLUMN server_errors TO unclear_calls;
ALTER TABLE connection RENAME COLUMN server_errors_since TO unclear_since;
-- How many of them were erase calls: answers to status calls say nothing of those. What was counted before had no kind.
ALTER TABLE connection ADD COLUMN unclear_erases INTEGER NOT NULL DEFAULT 0;
UPDATE connection SET unclear_erases = unclear_calls;

-- Identifiers in the smallest call that was too large since their number per call was set; null: none was.
ALTER TABLE connection ADD COLUMN too_large INTEGER;
`,
} as const
