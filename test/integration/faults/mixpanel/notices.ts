/** The notices of a line to Mixpanel that stops, word for word. */
import { resume, strangerNotices } from '../notices.ts'
import type { Notice } from '../outcomes.ts'

const openPrivacy = 'In Mixpanel, open Profile & Preferences by your initials, then Data & Privacy.'
const openProject = 'In Mixpanel, open the project’s settings.'
const saveToken = 'Edit the connection and save the token with its last day.'

export const notices = {
  ...strangerNotices('Mixpanel'),
  token: {
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
  },
  expired: {
    title: 'The GDPR OAuth token has expired',
    explanation: 'Mixpanel’s tokens live one year; it says that this one is over.',
    steps: [openPrivacy, 'Make a new GDPR OAuth token.', saveToken, resume],
  },
  project: {
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
  },
  notFound: {
    title: 'The host does not know this call',
    explanation: 'The host answered that there is nothing at the address of the call.',
    steps: [
      'Compare the residency of this connection with the project’s, in the project’s settings at Mixpanel.',
      'Open the host in a browser on this machine and see who answers.',
      resume,
    ],
  },
  method: {
    title: 'The vendor does not take this method',
    explanation: 'Something between here and Mixpanel, or the host itself, does not let this kind of call through.',
    steps: ['Have the proxy let GET, POST and DELETE through to this host.', resume],
  },
} as const satisfies Readonly<Record<string, Notice>>
