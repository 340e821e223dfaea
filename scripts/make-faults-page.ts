import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { cutOff, notSent } from '../test/integration/faults/common-cases.ts'
import { eraseCases as koreEraseCases } from '../test/integration/faults/kore/erase-cases.ts'
import { lookUpCases } from '../test/integration/faults/kore/look-up-cases.ts'
import { statusCases as koreStatusCases } from '../test/integration/faults/kore/status-cases.ts'
import { testCases as koreTestCases } from '../test/integration/faults/kore/test-cases.ts'
import { cancelCases } from '../test/integration/faults/mixpanel/cancel-cases.ts'
import { copyCases, copyStatusCases } from '../test/integration/faults/mixpanel/copy-cases.ts'
import { eraseCases as mixpanelEraseCases } from '../test/integration/faults/mixpanel/erase-cases.ts'
import { cancelOutcomes, copyOutcomes, copyStatusOutcomes } from '../test/integration/faults/mixpanel/outcomes.ts'
import { statusCases as mixpanelStatusCases } from '../test/integration/faults/mixpanel/status-cases.ts'
import { testCases as mixpanelTestCases } from '../test/integration/faults/mixpanel/test-cases.ts'
import {
  eraseOutcomes,
  lookUpOutcomes,
  statusOutcomes,
  type EraseCase,
  type FaultCase,
  type TestCase,
} from '../test/integration/faults/outcomes.ts'
import { repeatedCases, repeatedNotice, type RepeatedCase } from '../test/integration/faults/repeated-cases.ts'
import { inWords } from '../test/integration/faults/words.ts'
import { unclearLimits } from '../src/shared/model/unclear-calls.ts'
import type { Fault } from '../test/support/faults.ts'

/**
 * Makes docs/guide/faults.md out of the cases that test/integration/faults holds the real engine against, so that the
 * page cannot say anything else than the app does. Run it with `node scripts/make-faults-page.ts`.
 */

const usualLimit = '60 seconds'

/** `about`: what the call is about. */
function columnsOf(about: string): readonly string[] {
  return ['what happened', 'what Erasure Desk knows', about, 'what you read', 'what to do']
}

const erasing = columnsOf('the identifiers of the call')
const testing = ['what happened', 'verdict', 'what you read', 'what to do']

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
    'What you read stands in the list of attempts; where the line stops, also on the connection and above the request. A call that never left says so on the request: *The last call did not leave*, why, and that it is tried again by itself.',
    '',
    '## Whichever vendor: an erase call that gets no answer',
    '',
    '### Nothing left this machine',
    '',
    ...eraseTable(notSent),
    '### It left, and no whole answer came',
    '',
    ...eraseTable(cutOff),
    '## Whichever vendor: again and again',
    '',
    `One rule for every call that left and got no yes or no from the vendor, whatever the fault: after the first, calls of its connection leave one at a time; after more in a row, with growing waits between, from ${unclearLimits.firstWaitMilliseconds / 1000} seconds on; ${unclearLimits.inARow} or more in a row, over more than ${unclearLimits.overMilliseconds / 1000} seconds, stop the connection. A yes or a certain no ends the count, and all goes on at full speed; that the vendor answers status calls says nothing of erase calls that still wait. Other connections go on, those of the same account too. Resumed, one call is tried first.`,
    '',
    ...table(
      ['what happens to call after call', 'the identifiers', 'what you read', 'what to do'],
      repeatedCases.map(repeatedRow),
    ),
    '',
    ...korePart(),
    ...mixpanelPart(),
  ].join('\n')
}

function korePart(): readonly string[] {
  return [
    '## Kore.ai: an erase call',
    '',
    ...koreEraseCases.flatMap(({ title, cases }) => [`### ${title}`, '', ...eraseTable(cases)]),
    '## Kore.ai: a status call',
    '',
    questions,
    '',
    ...callTable('the identifiers of the call', koreStatusCases, statusOutcomes),
    '## Kore.ai: a look-up before sending',
    '',
    'Where the connection [looks up before sending](connect-kore.md#looking-up-before-sending), each batch with emails is looked up first. Nobody is erased by that call, so it leaves no doubt.',
    '',
    ...callTable('the identifiers of the call', lookUpCases, lookUpOutcomes),
    '## Kore.ai: a connection test',
    '',
    'A test is a status call about a request that does not exist. It says *credentials accepted* only where the answer is the vendor’s own and is not about credentials.',
    '',
    ...table(testing, koreTestCases.map(testRow)),
    '',
  ]
}

function mixpanelPart(): readonly string[] {
  return [
    '## Mixpanel: a call that creates a deletion',
    '',
    'The vendor documents how its errors look, and no words of theirs; those quoted here are the sandbox’s, or are known from other programs.',
    '',
    ...mixpanelEraseCases.flatMap(({ title, cases }) => [`### ${title}`, '', ...eraseTable(cases)]),
    '## Mixpanel: a status call',
    '',
    questions,
    '',
    ...callTable('the identifiers of the call', mixpanelStatusCases, statusOutcomes),
    '## Mixpanel: a call that takes a deletion back',
    '',
    'It keeps data and erases none, so it does no harm made twice; but what is in doubt is asked about first, since the answer says more than a second call would.',
    '',
    ...callTable('the identifiers of the batch', cancelCases, cancelOutcomes),
    '## Mixpanel: a call that asks for a copy',
    '',
    'A copy says nothing about anybody’s erasure. The vendor would make two where it is asked twice, so a doubt waits for a decision here too.',
    '',
    ...callTable('the copy', copyCases, copyOutcomes),
    '## Mixpanel: a call that asks about a copy',
    '',
    ...callTable('the copy', copyStatusCases, copyStatusOutcomes),
    '## Mixpanel: a connection test',
    '',
    'What lies between this machine and the host is said as at Kore.ai. A test asks about a task that does not exist.',
    '',
    ...table(testing, mixpanelTestCases.map(testRow)),
    '',
  ]
}

const questions =
  'Asking changes nothing at the vendor, so a status call is repeated whenever its answer cannot be used, inside the budget, with growing pauses. Nobody is sent again because of one.'

type Told = Readonly<{ known: string; becomes: string; todo: string; ending: string }>

function eraseTable(cases: readonly EraseCase[]): readonly string[] {
  return [
    ...table(
      erasing,
      cases.map((one) => callRow(one, eraseOutcomes[one.outcome])),
    ),
    '',
  ]
}

function callTable<Name extends string>(
  about: string,
  cases: readonly FaultCase<Name>[],
  outcomes: Readonly<Record<Name, Told>>,
): readonly string[] {
  return [
    ...table(
      columnsOf(about),
      cases.map((one) => callRow(one, outcomes[one.outcome])),
    ),
    '',
  ]
}

function callRow(one: FaultCase<string>, outcome: Told): readonly string[] {
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
