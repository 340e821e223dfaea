import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { eraseCases, type EraseCase } from '../test/integration/faults/erase-cases.ts'
import { lookUpCases } from '../test/integration/faults/look-up-cases.ts'
import {
  eraseOutcomes,
  lookUpOutcomes,
  statusOutcomes,
  type FaultCase,
  type TestCase,
} from '../test/integration/faults/outcomes.ts'
import { repeatedCases, repeatedNotice, type RepeatedCase } from '../test/integration/faults/repeated-cases.ts'
import { statusCases } from '../test/integration/faults/status-cases.ts'
import { testCases } from '../test/integration/faults/test-cases.ts'
import { inWords } from '../test/integration/faults/words.ts'
import { unclearLimits } from '../src/shared/model/unclear-calls.ts'
import type { Fault } from '../test/support/faults.ts'

/**
 * Makes docs/guide/faults.md out of the cases that test/integration/faults holds the real engine against, so that the
 * page cannot say anything else than the app does. Run it with `node scripts/make-faults-page.ts`.
 */

const usualLimit = '60 seconds'

const columns = [
  'what happened',
  'what Erasure Desk knows',
  'the identifiers of the call',
  'what you read',
  'what to do',
]

/** The whole page. */
export function makeFaultsPage(): string {
  return [
    '# When a call goes wrong',
    '',
    '<!-- Made by `node scripts/make-faults-page.ts` out of the cases in test/integration/faults; change those. -->',
    '',
    'What becomes of every call that meets a fault between this machine and the vendor. Each row is tested: the engine makes its calls to [the sandbox](sandbox.md) through a proxy that has this very fault, and what it writes down is held against this table and against the sandbox’s own list of calls.',
    '',
    'One rule stands behind all of it: **a certain no and a doubt are different things**. What certainly did not arrive, or was certainly refused, is sent again by itself or after a fix. What may have arrived is never sent again by itself; [the states](states.md) say how to decide.',
    '',
    '## An erase call',
    '',
    'What you read stands in the list of attempts; where the line stops, also on the connection and above the request. A call that never left says so on the request: *The last call did not leave*, why, and that it is tried again by itself.',
    '',
    ...eraseCases.flatMap(({ title, cases }) => [
      `### ${title}`,
      '',
      ...table(
        columns,
        cases.map((one) => eraseRow(one)),
      ),
      '',
    ]),
    '## A status call',
    '',
    'Asking changes nothing at the vendor, so a status call is repeated whenever its answer cannot be used, inside the budget, with growing pauses. Nobody is sent again because of one.',
    '',
    ...table(
      columns,
      statusCases.map((one) => callRow(one, statusOutcomes[one.outcome])),
    ),
    '',
    '## A look-up before sending',
    '',
    'Where the connection [looks up before sending](connect-kore.md#looking-up-before-sending), each batch with emails is looked up first. Nobody is erased by that call, so it leaves no doubt.',
    '',
    ...table(
      columns,
      lookUpCases.map((one) => callRow(one, lookUpOutcomes[one.outcome])),
    ),
    '',
    '## Again and again',
    '',
    `One rule for every call that left and got no yes or no from the vendor, whatever the fault: after the first, calls of its connection leave one at a time; after more in a row, with growing waits between, from ${unclearLimits.firstWaitMilliseconds / 1000} seconds on; ${unclearLimits.inARow} or more in a row, over more than ${unclearLimits.overMilliseconds / 1000} seconds, stop the connection. A yes or a certain no ends the count, and all goes on at full speed; that the vendor answers status calls says nothing of erase calls that still wait. Other connections go on, those of the same account too. Resumed, one call is tried first.`,
    '',
    ...table(
      ['what happens to call after call', 'the identifiers', 'what you read', 'what to do'],
      repeatedCases.map(repeatedRow),
    ),
    '',
    '## A connection test',
    '',
    'A test is a status call about a request that does not exist. It says *credentials accepted* only where the answer is the vendor’s own and is not about credentials.',
    '',
    ...table(['what happened', 'verdict', 'what you read', 'what to do'], testCases.map(testRow)),
    '',
  ].join('\n')
}

function eraseRow(one: EraseCase): readonly string[] {
  return callRow(one, eraseOutcomes[one.outcome])
}

function callRow(
  one: FaultCase<string>,
  outcome: Readonly<{ known: string; becomes: string; todo: string; ending: string }>,
): readonly string[] {
  const words = wordsFor(one.faults)
  const { notice } = one
  const said = [one.says ?? ''].flat().find((text) => text !== '')
  const quoted = said === undefined ? '' : `: ${isNote(outcome.ending) ? words(said) : `“${words(said)}”`}`
  const read =
    notice === undefined ? `*${outcome.ending}*${quoted}` : `**${words(notice.title)}.** ${words(notice.explanation)}`
  const todo = notice === undefined ? [one.todo ?? outcome.todo] : [...notice.steps, outcome.todo]
  return [one.what, outcome.known, outcome.becomes, read, todo.filter(Boolean).join(' ')]
}

/** Endings whose words are this app's, which may quote the vendor. */
function isNote(ending: string): boolean {
  return ['not sent', 'outcome unknown', 'no answer'].includes(ending)
}

function repeatedRow(one: RepeatedCase): readonly string[] {
  const words = wordsFor(one.faults)
  const { title, explanation, steps } = repeatedNotice(one, unclearLimits.inARow, words(one.words[0] ?? ''))
  const becomes =
    one.call === 'erase'
      ? 'Those of the calls that were made: outcome unknown. The others stay queued until the connection is resumed.'
      : 'Accepted, as before; asked about again once the connection is resumed.'
  return [one.what, becomes, `**${title}.** ${explanation}`, steps.join(' ')]
}

function testRow({ what, faults, verdict, notice }: TestCase): readonly string[] {
  const words = wordsFor(faults)
  const explanation = [notice.explanation].flat()[0] ?? ''
  return [what, verdict, `**${words(notice.title)}.** ${words(explanation)}`, notice.steps.join(' ') || 'Nothing.']
}

/** Where several statuses come to the same, the first stands for all. */
function wordsFor([fault]: readonly Fault[]): (words: string) => string {
  return fault === undefined ? (words) => words : inWords(fault, usualLimit)
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(new URL('../docs/guide/faults.md', import.meta.url), makeFaultsPage())
}
