/** What an operator reads where a call did not go through, and that is the same at every vendor. */
import type { StopCause } from '../../../shared/model/connection.ts'
import type { HttpReport, HttpTrouble } from '../../core/ports.ts'
import { isHtml, isRedirect, isSuccess, looksLikeJson, type Answer } from './answer.ts'

/** A cause in words; `at` is added by whoever records it. */
export type Words = Omit<StopCause, 'at'>

/** How a vendor speaks, as far as these words need it. */
export type Dialect = Readonly<{
  /** As people say it: "Kore.ai". */
  vendor: string
  /** What names an accepted call: "request id". */
  receipt: string
  /** The words of an answer, the vendor's own or anybody's; null: it has none to quote. */
  wordsOf: (answer: Answer) => string | null
}>

/** The last step where a line has stopped. */
export const resume = 'Then resume the connection here.'

/** The vendor's clock may be off from ours by this much before it is named as the likely cause. */
const tolerableSkewMilliseconds = 30_000

/** An answer that is not the vendor's, where it would have been the vendor's turn to speak. */
export function strangerCause(answer: Answer, { vendor, wordsOf }: Dialect): Words {
  const explanation = isRedirect(answer)
    ? 'A redirect came back instead of the vendor’s answer, and is not followed: a login page of the network, a proxy, or another address of the host.'
    : isHtml(answer)
      ? 'A web page came back instead of the vendor’s answer: a login page of the network, a proxy, or another product.'
      : answer.status === 511
        ? 'The network wants a login before it lets any call through.'
        : 'The answer is not in the shape that the vendor documents.'
  return {
    title: `Something that is not ${vendor} answered (${answer.status})`,
    explanation,
    steps: [
      'Open the origin in a browser on this machine and see who answers.',
      'Sign in to the network, or have the proxy let this host through.',
      resume,
    ],
    vendorWords: wordsOf(answer),
  }
}

/**
 * The cause where somebody else than the vendor answers and would answer every other call too: a login page of the
 * network, a proxy that asks for a password, a redirect. Null where it may have been the vendor, or the gateway before
 * it, whose 5xx pages pass.
 */
export function causeOfStranger(answer: Answer, dialect: Dialect): Words | null {
  if (answer.status === 407)
    return {
      title: 'The proxy asks for a password',
      explanation: 'A proxy answered instead of the vendor (407).',
      steps: ['Have the proxy let this host through without a password.', resume],
      vendorWords: null,
    }
  const isPage = isHtml(answer) && answer.status < 500
  // 511 Network Authentication Required (RFC 6585, 6): a network that wants a login says so.
  return isPage || isRedirect(answer) || answer.status === 511 ? strangerCause(answer, dialect) : null
}

/** Why nothing came back, in words; for calls that need a cause. */
export function noAnswerCause({ trouble }: HttpReport): Words {
  if (trouble === null)
    return {
      title: 'No answer came',
      explanation: 'The call ended without an answer.',
      steps: ['Try again.'],
      vendorWords: null,
    }
  return { ...troubleWords(trouble), vendorWords: null }
}

function troubleWords(trouble: HttpTrouble): Omit<Words, 'vendorWords'> {
  const detail = trouble.words
  switch (trouble.kind) {
    case 'offline':
      return {
        title: 'This machine has no network',
        explanation: detail,
        steps: ['Connect to the network and try again.'],
      }
    case 'dns':
      return {
        title: 'The host was not found',
        explanation: detail,
        steps: ['Look for a typing mistake in the origin.', 'Check the network, or the VPN that this host needs.'],
      }
    case 'refused':
      return {
        title: 'No connection to the host',
        explanation: detail,
        steps: ['Check the network and the firewall; the host’s port must be open from here.'],
      }
    case 'tls':
      return trouble.unknownAuthority === true
        ? {
            title: 'Nobody on this machine vouches for the certificate',
            explanation: `${detail} A company network that inspects traffic has a certificate authority of its own.`,
            steps: [
              'Have it added to this machine’s trusted certificates and start Erasure Desk again.',
              'Certificates are always checked: there is no switch to turn that off.',
            ],
          }
        : {
            title: 'No protected connection to the host',
            explanation: detail,
            steps: [
              'Check the origin and this machine’s clock.',
              'Certificates are always checked: there is no switch to turn that off.',
            ],
          }
    case 'proxy':
      return trouble.proxyAuthentication === true
        ? {
            title: 'The proxy asks for a password',
            explanation: detail,
            steps: [
              'Have the proxy let this host through without a password, or set one without sign-in in the system.',
            ],
          }
        : {
            title: 'The proxy did not let the call through',
            explanation: detail,
            steps: ['Check the proxy in the system’s network settings.'],
          }
    case 'timeout':
      return {
        title: 'No answer in time',
        explanation: detail,
        steps: ['Try again.', 'Where the vendor is slow, raise the time-out in the connection’s settings.'],
      }
    case 'reset':
      return {
        title: 'The connection broke off',
        explanation: detail,
        steps: ['Try again.', 'A firewall that cuts connections may be the cause.'],
      }
    case 'invalid answer':
      return {
        title: 'The answer was no HTTP',
        explanation: detail,
        steps: ['Check the origin: something else seems to listen there.'],
      }
    case 'other':
      return { title: 'The call did not go through', explanation: detail, steps: ['Try again.'] }
  }
}

/** What is written beside a call whose outcome nobody knows. */
export function doubtWords(report: HttpReport, { receipt, wordsOf }: Dialect): string {
  const { answer, trouble } = report
  if (trouble !== null) return trouble.words
  if (answer === null) return 'The call ended without an answer.'
  const { status } = answer
  if (status === 407) return 'A proxy answered and asks for a user name and password (407).'
  if (isRedirect(answer)) return `Answered with a redirect (${status}), which is not followed.`
  const said = wordsOf(answer)
  const quoted = said === null ? '' : ` “${said}”`
  if (isHtml(answer)) return `Answered with a web page (${status}) instead of the vendor’s answer.${quoted}`
  if (answer.cut) return `The answer (${status}) was longer than Erasure Desk reads, and was cut off.`
  if (isSuccess(answer)) return `Answered ${status} without a ${receipt}.${quoted}`
  if (said !== null) return `Answered ${status}.${quoted}`
  return looksLikeJson(answer)
    ? `Answered ${status}, in a shape that the vendor does not document.`
    : `Answered ${status} without a body.`
}

/** A successful answer to a status call that is no status. */
export function notAStatusWords(answer: Answer, dialect: Dialect): string {
  if (isHtml(answer) || answer.cut)
    return doubtWords({ stage: 'body', startedAt: 0, endedAt: 0, answer, trouble: null }, dialect)
  const said = dialect.wordsOf(answer)
  return `Answered ${answer.status}, but not with a status.${said === null ? '' : ` “${said}”`}`
}

/** A connection test whose answer says nothing about the credentials. */
export function unclearWords(answer: Answer, dialect: Dialect): Words {
  const vendorWords = dialect.wordsOf(answer)
  if (causeOfStranger(answer, dialect) !== null)
    return {
      title: 'A web page answered, not the vendor’s API',
      explanation:
        'Nothing is known about the credentials. A login page of the network, a proxy or another product answered.',
      steps: [
        'Open the origin in a browser on this machine and see who answers.',
        'Sign in to the network, then test again.',
      ],
      vendorWords,
    }
  return {
    title: `An answer that says nothing about the credentials (${answer.status})`,
    explanation: 'It says neither yes nor no, so nothing is concluded from it.',
    steps: ['Test again in a while.', 'Check the origin.'],
    vendorWords,
  }
}

/** The same for a connection test, after which nothing is to be resumed. */
export function withoutResume(words: Words): Words {
  return { ...words, steps: [...words.steps.filter((step) => !step.startsWith('Then resume')), 'Test again.'] }
}

/** "3 minutes ahead of", "1 hour behind". */
export function describeSkew(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000)
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'} ${milliseconds > 0 ? 'ahead of' : 'behind'}`
}

/** The vendor's clock is so far off that a token's minute may not be long enough. */
export function isSkewed(milliseconds: number | null): milliseconds is number {
  return milliseconds !== null && Math.abs(milliseconds) > tolerableSkewMilliseconds
}
