/** What an operator reads where Kore.ai did not let a call in: what happened, and what to click there. */
import type { HttpReport } from '../../core/ports.ts'
import { clockSkewOf, type Answer } from '../common/answer.ts'
import {
  describeSkew,
  isSkewed,
  noAnswerCause,
  resume,
  strangerCause,
  type Dialect,
  type Words,
} from '../common/words.ts'
import { vendorErrorOf, wordsOf } from './answer.ts'
import { otherProductOf } from './origin.ts'

/** How Kore.ai speaks. */
export const dialect: Dialect = { vendor: 'Kore.ai', receipt: 'request id', wordsOf }

export const openApp =
  'In Kore.ai, open Admin Console → Security & Control → API Scopes → Manage Apps and open the app.'

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
  if (isSkewed(skew))
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
  if (answer.status === 404) return notFoundCause(wordsOf(answer), origin)
  if (answer.status === 405) return methodCause(wordsOf(answer))
  return strangerCause(answer, dialect)
}
