/** Every fault that may meet a call that asks Mixpanel about a deletion. No doubt is left by one: it is asked again. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { answered, faults } from '../../../support/faults.ts'
import type { CallCase, StatusOutcomeName } from '../outcomes.ts'
import { taskSays } from './answers.ts'
import { pages, questionCases } from './question-cases.ts'

const whole: readonly CallStage[] = ['body']

/** In the order of the guide. */
export const statusCases: readonly CallCase<StatusOutcomeName>[] = [
  ...questionCases<StatusOutcomeName>({
    notSent: 'asked again, not sent',
    noAnswer: 'asked again',
    limited: 'asked after a pause',
    lineStopped: 'line stopped',
    unknown: 'asked once more',
    vanished: 'vanished',
  }),
  {
    what: 'A web page of a captive portal or another product',
    faults: pages,
    outcome: 'asked again',
    stages: whole,
    says: 'Answered with a web page (200) instead of the vendor’s answer. “Sign in”',
    todo: 'Sign in to the network.',
  },
  {
    what: 'An answer about another task, as a cache between may give it',
    faults: [taskSays({ tracking_id: 'another', status: 'SUCCESS', distinct_ids: ['a'] }, 'a status of another task')],
    outcome: 'asked again',
    stages: whole,
    says: 'The answer was about another request.',
  },
  {
    what: 'A task that runs and names nobody',
    faults: [taskSays({ status: 'STARTED', distinct_ids: [] }, 'STARTED without identifiers')],
    outcome: 'asked again',
    stages: whole,
    says: 'The vendor says STARTED, but names no identifier of the task.',
  },
  {
    what: 'An answer of more than 16 MB',
    faults: [answered(200, `{"status":"${'x'.repeat(16_800_000)}"}`, '200 with 16.8 MB')],
    outcome: 'asked again',
    stages: whole,
    says: 'The answer (200) was longer than Erasure Desk reads, and was cut off.',
  },
  {
    what: 'A status under a wrong content type, or one that is whole before the connection is cut',
    faults: [faults.typedAsPage, faults.cutAfterAnswer],
    outcome: 'answered',
    stages: whole,
    says: 'SUCCESS',
  },
]
