/** The notices of a line that stops because somebody else than the vendor answers, word for word. */
import type { Notice } from './outcomes.ts'

export const resume = 'Then resume the connection here.'
const whoAnswers = [
  'Open the origin in a browser on this machine and see who answers.',
  'Sign in to the network, or have the proxy let this host through.',
  resume,
]

/** What is said where `vendor` should have answered. */
export function strangerNotices(vendor: string) {
  const title = `Something that is not ${vendor} answered ({status})`
  return {
    notTheVendor: {
      title,
      explanation: 'The answer is not in the shape that the vendor documents.',
      steps: whoAnswers,
    },
    networkLogin: {
      title,
      explanation: 'The network wants a login before it lets any call through.',
      steps: whoAnswers,
    },
    page: {
      title,
      explanation:
        'A web page came back instead of the vendor’s answer: a login page of the network, a proxy, or another product.',
      steps: whoAnswers,
    },
    redirect: {
      title,
      explanation:
        'A redirect came back instead of the vendor’s answer, and is not followed: a login page of the network, a proxy, or another address of the host.',
      steps: whoAnswers,
    },
    proxyPassword: {
      title: 'The proxy asks for a password',
      explanation: 'A proxy answered instead of the vendor (407).',
      steps: ['Have the proxy let this host through without a password.', resume],
    },
  } as const satisfies Readonly<Record<string, Notice>>
}

/** A notice of the line as a connection test says it: there is nothing to resume. */
export function tested({ title, explanation, steps }: Notice): Notice {
  return { title, explanation, steps: [...steps.filter((step) => !step.startsWith('Then resume')), 'Test again.'] }
}
