/**
 * What earlier batches of a connection teach about the status calls of later ones (`commands/first-ask.ts`).
 * Batches that are there go on where they are in the schedule.
 */
export const firstAsk = {
  number: 70,
  name: 'first status call by what earlier batches took',
  sql: `
-- The status call of the schedule, counted from 0, by which batches are ready.
ALTER TABLE connection ADD COLUMN ready_step INTEGER NOT NULL DEFAULT 0;
-- The youngest batch that was found ready; 0: none yet.
ALTER TABLE connection ADD COLUMN ready_batch_id INTEGER NOT NULL DEFAULT 0;
-- The status call of the schedule that comes next; next_poll_at is its time, unless the operator asks now.
ALTER TABLE batch ADD COLUMN ask_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN ask_now INTEGER NOT NULL DEFAULT 0;
UPDATE batch SET ask_step = polls WHERE polls > 0;
`,
} as const
