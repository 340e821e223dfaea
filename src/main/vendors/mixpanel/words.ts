/** What an operator reads where Mixpanel did not let a call in, or answered a test: what happened, and what to click there. */
import type { HttpReport } from '../../core/ports.ts'
import type { Answer } from '../common/answer.ts'
import { noAnswerCause, resume, strangerCause, type Dialect, type Words } from '../common/words.ts'
import { errorWordsOf, wordsOf } from './answer.ts'
import { residencyOf } from './origin.ts'

/** How Mixpanel speaks. */
export const dialect: Dialect = { vendor: 'Mixpanel', receipt: 'task id', wordsOf }

const openPrivacy = 'In Mixpanel, open Profile & Preferences by your initials, then Data & Privacy.'
const openProject = 'In Mixpanel, open the project’s settings.'
const saveToken = 'Edit the connection and save the token with its last day.'

/**
 * Whether the vendor's message is about the credentials, whatever the HTTP status it came with. It may quote an
 * identifier, so that single words are not enough.
 */
export function isAboutCredentials(message: string): boolean {
  return /\boauth\b|\bunauthori[sz]ed\b|\bforbidden\b|\b(?:not |un)authenticated\b|\bauthentication\b|\bpermission|\baccess denied\b|\b(?:invalid|missing|unknown|expired|no) (?:\w+ )?(?:token|credentials|project)\b|\btoken (?:is |has |was )?(?:invalid|missing|expired|revoked|not valid)\b/i.test(
    message,
  )
}

/** The cause behind 401, 403, 404 or 405, and behind the vendor's words about credentials under any other status. */
export function causeOfRefusal(report: HttpReport): Words {
  const { answer } = report
  if (answer === null) return noAnswerCause(report)
  const message = errorWordsOf(answer)
  const vendorWords = wordsOf(answer)
  const isAboutUs = message !== null && isAboutCredentials(message)
  if (answer.status === 404 && !isAboutUs) return notFoundCause(vendorWords)
  if (answer.status === 405) return methodCause(vendorWords)
  if (message === null) return strangerCause(answer, dialect)
  if (/expired/i.test(message))
    return {
      title: 'The GDPR OAuth token has expired',
      explanation: 'Mixpanel’s tokens live one year; it says that this one is over.',
      steps: [openPrivacy, 'Make a new GDPR OAuth token.', saveToken, resume],
      vendorWords,
    }
  return answer.status === 403 || /forbidden|permission|access denied|project/i.test(message)
    ? projectCause(vendorWords)
    : tokenCause(vendorWords)
}

function tokenCause(vendorWords: string | null): Words {
  return {
    title: 'Mixpanel does not accept the GDPR OAuth token',
    explanation:
      'The token was copied wrongly, has expired after its year, was taken back, or is none for the GDPR API: a service account or an API secret is not accepted.',
    steps: [
      openPrivacy,
      'Copy the GDPR OAuth token once more, or make a new one.',
      saveToken,
      'Compare the project’s data residency with the one of this connection.',
      resume,
    ],
    vendorWords,
  }
}

function projectCause(vendorWords: string | null): Words {
  return {
    title: 'The token does not open this project',
    explanation:
      'Mixpanel does not let this token erase in the project of this connection: the project token is another one’s, whoever made the GDPR OAuth token is not owner or admin there, or the project’s data is at another residency.',
    steps: [
      openProject,
      'Compare the Project Token under Access Keys, and the data residency, with this connection.',
      'Have an owner or admin of the project make the GDPR OAuth token.',
      'Where project or residency differ, add a new connection: both stay fixed once they were used.',
      resume,
    ],
    vendorWords,
  }
}

function notFoundCause(vendorWords: string | null): Words {
  return {
    title: 'The host does not know this call',
    explanation: 'The host answered that there is nothing at the address of the call.',
    steps: [
      'Compare the residency of this connection with the project’s, in the project’s settings at Mixpanel.',
      'Open the host in a browser on this machine and see who answers.',
      resume,
    ],
    vendorWords,
  }
}

/** By whoever says it: what does not let a POST or DELETE through is rarely the vendor itself. */
function methodCause(vendorWords: string | null): Words {
  return {
    title: 'The vendor does not take this method',
    explanation: 'Something between here and Mixpanel, or the host itself, does not let this kind of call through.',
    steps: ['Have the proxy let GET, POST and DELETE through to this host.', resume],
    vendorWords,
  }
}

/** A test whose answer is the vendor's and not about the credentials, with what it cannot show. */
export function acceptedWords(origin: string, vendorWords: string | null): Words {
  const residency = residencyOf(origin)
  return {
    title: 'Credentials accepted',
    explanation: `Mixpanel let the token in and answered for this project about a made-up task. What no test can show without erasing somebody: whether the project’s data is at ${residency === null ? 'this residency' : `the residency ${residency}`} (a host of another one may answer the same and then do nothing), and whether a deletion is accepted; the first one shows that.`,
    steps: [
      `${openProject} Compare its data residency with the one of this connection${residency === null ? '' : `, ${residency}`}.`,
    ],
    vendorWords,
  }
}

/** A test that met the limit. */
export function limitedWords(vendorWords: string | null): Words {
  return {
    title: 'The limit of one call a second is reached',
    explanation:
      'Mixpanel counted too many calls, so nothing is known about the credentials. Another program may be using its GDPR API.',
    steps: ['Wait a minute and test again.'],
    vendorWords,
  }
}

/** A task that the vendor says it could not look up. */
export function lookUpFailedWords(word: string): string {
  return `The vendor could not look the task up (${word}).`
}

/** A task that runs and names nobody. */
export function namesNobodyWords(word: string): string {
  return `The vendor says ${word}, but names no identifier of the task.`
}

/** More tasks than were asked for: their ids are kept in the words, since no call of the vendor's lists them. */
export function severalTasksWords({ status }: Answer, ids: readonly string[]): string {
  return `Answered ${status} with several task ids where one was asked for: ${ids.join(', ')}`.slice(0, 500)
}
