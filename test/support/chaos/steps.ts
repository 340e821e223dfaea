/** Every step at which the harness kills a process, by its name. */

/** What the process does that is killed: each works on a history of its own kind. */
export type Work = 'send' | 'split' | 'look up' | 'conflict' | 'take back' | 'copy' | 'import' | 'repeats' | 'migrate'

/** Who sees the step come: the killed process itself, the line between it and the vendor, the history's file, the clock. */
export type Seer = 'process' | 'line' | 'file' | 'clock'

const table = [
  { step: 'before the journal commit', work: 'send', seer: 'process' },
  { step: 'in the journal commit', work: 'send', seer: 'process' },
  { step: 'after the journal commit', work: 'send', seer: 'process' },
  { step: 'after the call is noted', work: 'send', seer: 'process' },
  { step: 'after connect', work: 'send', seer: 'process' },
  { step: 'after the first byte', work: 'send', seer: 'line' },
  { step: 'in the middle of the body', work: 'send', seer: 'line' },
  { step: 'after the body', work: 'send', seer: 'line' },
  { step: 'in the middle of the answer', work: 'send', seer: 'line' },
  { step: 'when the answer has begun', work: 'send', seer: 'process' },
  { step: 'before the answer is stored', work: 'send', seer: 'process' },
  { step: 'while the answer is stored', work: 'send', seer: 'process' },
  { step: 'after the answer is stored', work: 'send', seer: 'process' },
  { step: 'in a poll, after its journal commit', work: 'send', seer: 'process' },
  { step: 'in a poll, after the first byte', work: 'send', seer: 'line' },
  { step: 'in a poll, in the middle of the answer', work: 'send', seer: 'line' },
  { step: 'in a poll, before the answer is stored', work: 'send', seer: 'process' },
  { step: 'in a poll, while the answer is stored', work: 'send', seer: 'process' },
  { step: 'in a poll, after the answer is stored', work: 'send', seer: 'process' },
  { step: 'in a take-over, while the calls of the dead are ended', work: 'send', seer: 'process' },
  { step: 'in a take-over, after the calls of the dead are ended', work: 'send', seer: 'process' },
  { step: 'in a decision to send again, while it is written', work: 'send', seer: 'process' },
  { step: 'in a decision to send again, after it is written', work: 'send', seer: 'process' },
  { step: 'in a split, before the halves are made', work: 'split', seer: 'process' },
  { step: 'in a split, while the halves are made', work: 'split', seer: 'process' },
  { step: 'in a split, after the halves are made', work: 'split', seer: 'process' },
  { step: 'in a split, in the middle of the body of a part', work: 'split', seer: 'line' },
  { step: 'in a look-up, after its journal commit', work: 'look up', seer: 'process' },
  { step: 'in a look-up, in the middle of the body', work: 'look up', seer: 'line' },
  { step: 'in a look-up, in the middle of the answer', work: 'look up', seer: 'line' },
  { step: 'in a look-up, before the answer is stored', work: 'look up', seer: 'process' },
  { step: 'in a look-up, while the answer is stored', work: 'look up', seer: 'process' },
  { step: 'in a look-up, after the answer is stored', work: 'look up', seer: 'process' },
  { step: 'in a conflict, in the middle of the answer', work: 'conflict', seer: 'line' },
  { step: 'in a conflict, before it is taken apart', work: 'conflict', seer: 'process' },
  { step: 'in a conflict, while it is taken apart', work: 'conflict', seer: 'process' },
  { step: 'in a conflict, after it is taken apart', work: 'conflict', seer: 'process' },
  { step: 'in a conflict, while the answer about a task is stored', work: 'conflict', seer: 'process' },
  { step: 'in a taking back, after its journal commit', work: 'take back', seer: 'process' },
  { step: 'in a taking back, after the first byte', work: 'take back', seer: 'line' },
  { step: 'in a taking back, after it has left', work: 'take back', seer: 'line' },
  { step: 'in a taking back, in the middle of the answer', work: 'take back', seer: 'line' },
  { step: 'in a taking back, before the answer is stored', work: 'take back', seer: 'process' },
  { step: 'in a taking back, while the answer is stored', work: 'take back', seer: 'process' },
  { step: 'in a taking back, after the answer is stored', work: 'take back', seer: 'process' },
  { step: 'in a copy, after its journal commit', work: 'copy', seer: 'process' },
  { step: 'in a copy, after connect', work: 'copy', seer: 'process' },
  { step: 'in a copy, after the first byte', work: 'copy', seer: 'line' },
  { step: 'in a copy, in the middle of the body', work: 'copy', seer: 'line' },
  { step: 'in a copy, after it has left', work: 'copy', seer: 'line' },
  { step: 'in a copy, in the middle of the answer', work: 'copy', seer: 'line' },
  { step: 'in a copy, before the answer is stored', work: 'copy', seer: 'process' },
  { step: 'in a copy, while the answer is stored', work: 'copy', seer: 'process' },
  { step: 'in a copy, after the answer is stored', work: 'copy', seer: 'process' },
  { step: 'in asking about a copy, after its journal commit', work: 'copy', seer: 'process' },
  { step: 'in asking about a copy, in the middle of the answer', work: 'copy', seer: 'line' },
  { step: 'in asking about a copy, before the answer is stored', work: 'copy', seer: 'process' },
  { step: 'in asking about a copy, while the answer is stored', work: 'copy', seer: 'process' },
  { step: 'in asking about a copy, after the answer is stored', work: 'copy', seer: 'process' },
  { step: 'in an import, while rows are appended', work: 'import', seer: 'file' },
  { step: 'in an import, while tokens are entered', work: 'import', seer: 'file' },
  { step: 'in an import, while repeated rows are taken out', work: 'import', seer: 'file' },
  { step: 'in an import, while rows are folded into the scope', work: 'import', seer: 'file' },
  { step: 'in an import, while rows are taken back', work: 'import', seer: 'file' },
  { step: 'in a comparison, before any repeat is kept back', work: 'repeats', seer: 'file' },
  { step: 'in a comparison, while repeats are kept back', work: 'repeats', seer: 'file' },
  { step: 'in a decision about repeats, while they are let go', work: 'repeats', seer: 'file' },
  { step: 'in leaving repeats out, after the request is sent', work: 'repeats', seer: 'file' },
  { step: 'in leaving repeats out, while they are cancelled', work: 'repeats', seer: 'file' },
  { step: 'in a migration, while the copy is made', work: 'migrate', seer: 'file' },
  { step: 'in a migration, in a step', work: 'migrate', seer: 'file' },
  { step: 'in a migration, between two steps', work: 'migrate', seer: 'file' },
  { step: 'while sending, at a random moment', work: 'send', seer: 'clock' },
  { step: 'in an import, at a random moment', work: 'import', seer: 'clock' },
  { step: 'in a comparison, at a random moment', work: 'repeats', seer: 'clock' },
  { step: 'in a migration, at a random moment', work: 'migrate', seer: 'clock' },
] as const satisfies readonly Readonly<{ step: string; work: Work; seer: Seer }>[]

/** The name of a step. */
export type Step = (typeof table)[number]['step']

/** Every step in the order of the work. */
export const steps: readonly Readonly<{ step: Step; work: Work; seer: Seer }>[] = table

/** The steps of one kind of work. */
export function stepsOf(work: Work): readonly Step[] {
  return steps.filter((each) => each.work === work).map(({ step }) => step)
}

/** Who sees this step come. */
export function seerOf(step: Step): Seer {
  const found = steps.find((each) => each.step === step)
  if (found === undefined) throw new Error(`No step is called ${step}`)
  return found.seer
}
