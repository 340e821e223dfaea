/** What an operator reads where a call did not go through: what happened, and what to click at the vendor. */
import type { StopCause } from '../../../shared/model/connection.ts'
import type { HttpReport, HttpTrouble } from '../../core/ports.ts'
import { clockSkewOf, isHtml, looksLikeJson, vendorErrorOf, wordsOf, type Answer } from './answer.ts'
import { otherProductOf } from './origin.ts'

/** A cause in words; `at` is added by whoever records it. */
export type Words = Omit<StopCause, 'at'>

export const openApp =
  'In Kore.ai, open Admin Console → Security & Control → API Scopes → Manage Apps and open the app.'
export const resume = 'Then resume the connection here.'

/** The vendor's clock may be off from ours by this much before it is named as the likely cause. */
const tolerableSkewMilliseconds = 30_000

/** Whether a vendor's message is about the credentials, whatever the HTTP status it came with. */
export function isAboutCredentials(message: string): boolean {
  return /jwt|token|credential|scope|permission|unauthori[sz]ed|forbidden|access denied|signature|\bclient\s?id|\bapp\s?id|authenticat/i.test(
    message,
  )
}

/** The cause behind 401, 403, 404 or 405, by the message: code 4002 alone stands for three different ones. */
export function causeOfRefusal(report: HttpReport, origin: string | null): Words {
  const { answer } = report
  if (answer === null) return noAnswerCause(report)
  const message = vendorErrorOf(answer)?.message ?? null
  const vendorWords = wordsOf(answer)
  if (message === null) return notTheVendorsShape(answer, origin)
  if (/replay/i.test(message))
    return {
      title: 'Kore.ai takes the token for one used before',
      explanation:
        'Every call carries a token of its own with an id that is never used twice. The vendor, or something between, saw this id already: usually a proxy that repeats calls.',
      steps: ['Look for a proxy or gateway that repeats calls, and have it leave this host alone.', resume],
      vendorWords,
    }
  if (/jwe|encrypt/i.test(message))
    return {
      title: 'The app at Kore.ai asks for encrypted tokens',
      explanation: 'JWE is enforced for this app. Erasure Desk signs its tokens and does not encrypt them.',
      steps: [openApp, 'Turn off JWE encryption for it, or make a new app without it.', resume],
      vendorWords,
    }
  if (/scope|permission/i.test(message))
    return {
      title: 'The app may not delete users’ data',
      explanation: 'The credentials are right; the app lacks the scope for this call.',
      steps: [
        openApp,
        'Tick Profile Management → Delete Users Data (older consoles: Bot Analytics → Delete Users Data) and save.',
        'An app made in the App Builder is not accepted: it has to be one of the Admin Console.',
        resume,
      ],
      vendorWords,
    }
  if (/credential|client\s?id|app\s?id/i.test(message))
    return {
      title: 'Kore.ai does not know this client id',
      explanation: 'No app of the Admin Console at this host has the client id, or it belongs to another region.',
      steps: [
        openApp,
        'Compare its Client ID (it begins with cs-) and the region of the host with this connection.',
        'Where they differ, add a new connection: a client id stays fixed once it was used.',
        resume,
      ],
      vendorWords,
    }
  if (/jwt|token|signature|expired/i.test(message)) return badTokenCause(report, vendorWords)
  if (answer.status === 405) return methodCause(vendorWords)
  if (answer.status === 404) return notFoundCause(vendorWords, origin)
  return {
    title: `Kore.ai refuses the call (${answer.status})`,
    explanation: 'The vendor answered in its own shape and did not let the call in. Its words stand below.',
    steps: ['Compare the words with the app’s settings in the Admin Console.', resume],
    vendorWords,
  }
}

function badTokenCause(report: HttpReport, vendorWords: string | null): Words {
  const skew = clockSkewOf(report)
  if (skew !== null && Math.abs(skew) > tolerableSkewMilliseconds)
    return {
      title: 'This machine’s clock is off',
      explanation: `The vendor’s clock is ${describeSkew(skew)} this machine’s, so a token signed here is not valid there.`,
      steps: ['Set the clock of this machine, best by network time.', resume],
      vendorWords,
    }
  return {
    title: 'Kore.ai does not accept the signature',
    explanation: 'The client secret is wrong, or the app enforces something that this connection does not do.',
    steps: [
      openApp,
      'Copy the Client Secret once more and save it in the connection.',
      'Compare the signing algorithm there with the one in the connection’s settings.',
      'Where JWE encryption is enforced, turn it off: Erasure Desk signs and does not encrypt.',
      'Where JTI is enforced, keep the token’s lifetime at an hour or less.',
      resume,
    ],
    vendorWords,
  }
}

/** By whoever says it: what does not let a DELETE through is rarely the vendor itself. */
function methodCause(vendorWords: string | null): Words {
  return {
    title: 'The vendor does not take this method',
    explanation:
      'Something between here and Kore.ai, or the host itself, does not let this kind of call through; an erase call is a DELETE.',
    steps: ['Turn on “POST with method override” in the connection’s settings, or choose the right host.', resume],
    vendorWords,
  }
}

function notFoundCause(vendorWords: string | null, origin: string | null): Words {
  const product = origin === null ? null : otherProductOf(origin)
  return {
    title: product === null ? 'The host does not know this call' : `This host serves Kore.ai’s ${product}`,
    explanation:
      product === null
        ? 'The host answered that there is nothing at the address of the call.'
        : 'The erase call belongs to another product of the vendor’s, at another host.',
    steps: [
      'The documented hosts are https://platform.kore.ai and its regional ones (jp-, de-, eu-platform).',
      'Where this is another host, add a connection with the right one; an origin stays fixed once it was used.',
      'Where it is the right host, open it in a browser on this machine and see who answers.',
      resume,
    ],
    vendorWords,
  }
}

function notTheVendorsShape(answer: Answer, origin: string | null): Words {
  const vendorWords = wordsOf(answer)
  if (answer.status === 404) return notFoundCause(vendorWords, origin)
  if (answer.status === 405) return methodCause(vendorWords)
  const explanation = isRedirect(answer)
    ? 'A redirect came back instead of the vendor’s answer, and is not followed: a login page of the network, a proxy, or another address of the host.'
    : isHtml(answer)
      ? 'A web page came back instead of the vendor’s answer: a login page of the network, a proxy, or another product.'
      : answer.status === 511
        ? 'The network wants a login before it lets any call through.'
        : 'The answer is not in the shape that the vendor documents.'
  return {
    title: `Something that is not Kore.ai answered (${answer.status})`,
    explanation,
    steps: [
      'Open the origin in a browser on this machine and see who answers.',
      'Sign in to the network, or have the proxy let this host through.',
      resume,
    ],
    vendorWords,
  }
}

/**
 * The cause where somebody else than the vendor answers and would answer every other call too: a login page of the
 * network, a proxy that asks for a password, a redirect. Null where it may have been the vendor, or the gateway before
 * it, whose 5xx pages pass.
 */
export function causeOfStranger(answer: Answer): Words | null {
  if (answer.status === 407)
    return {
      title: 'The proxy asks for a password',
      explanation: 'A proxy answered instead of the vendor (407).',
      steps: ['Have the proxy let this host through without a password.', resume],
      vendorWords: null,
    }
  const isPage = isHtml(answer) && answer.status < 500
  // 511 Network Authentication Required (RFC 6585, 6): a network that wants a login says so.
  return isPage || isRedirect(answer) || answer.status === 511 ? notTheVendorsShape(answer, null) : null
}

function isRedirect(answer: Answer): boolean {
  return answer.status >= 300 && answer.status < 400
}

/** Why nothing came back, in words; for calls that need a cause. */
export function noAnswerCause(report: HttpReport): Words {
  const { trouble } = report
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
export function doubtWords(report: HttpReport): string {
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
  if (status >= 200 && status < 300) return `Answered ${status} without a request id.${quoted}`
  if (said !== null) return `Answered ${status}.${quoted}`
  return looksLikeJson(answer)
    ? `Answered ${status}, in a shape that the vendor does not document.`
    : `Answered ${status} without a body.`
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
