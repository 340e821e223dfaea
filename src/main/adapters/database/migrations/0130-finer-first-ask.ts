/**
 * Places in the schedule of status calls lie between its calls too (`commands/first-ask.ts`): they are kept in parts, 240 to a call.
 * Batches and connections that are there stay where they are.
 */
export const finerFirstAsk = {
  number: 130,
  name: 'first status call between the calls of the schedule',
  sql: `
-- ready_step and ask_step count the 240 parts of each of the schedule's calls from here on.
UPDATE batch SET ask_step = ask_step * 240 WHERE ask_step <> 0;
UPDATE connection SET ready_step = ready_step * 240;
-- Where one batch is tried while the others wait at ready_step; null: they were ready by then, or nothing is known.
ALTER TABLE connection ADD COLUMN tried_step INTEGER;
`,
} as const
