/**
 * What earlier batches of a connection teach about the status calls of later ones (`commands/first-ask.ts`).
 * Batches that are there go on where they are in the schedule. And how long the machine had been running when a sender
 * last looked, so that a clock which is set while none is there is noticed too (`commands/clock.ts`).
 */
export const firstAskAndUptime = {
  number: 70,
  name: 'first status call by what earlier batches took, and uptime',
  sql: `
-- The status call of the schedule, counted from 0, by which batches are ready.
ALTER TABLE connection ADD COLUMN ready_step INTEGER NOT NULL DEFAULT 0;
-- The youngest batch that was found ready; 0: none yet.
ALTER TABLE connection ADD COLUMN ready_batch_id INTEGER NOT NULL DEFAULT 0;
-- The status call of the schedule that comes next; next_poll_at is its time, unless the operator asks now.
ALTER TABLE batch ADD COLUMN ask_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN ask_now INTEGER NOT NULL DEFAULT 0;
UPDATE batch SET ask_step = polls WHERE polls > 0;
-- Milliseconds the machine had been running at the date uptime_at; null: not known.
ALTER TABLE sender ADD COLUMN uptime INTEGER;
ALTER TABLE sender ADD COLUMN uptime_at INTEGER;
`,
} as const
