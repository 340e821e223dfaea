/**
 * Mixpanel's answers in every shape that is documented or was seen, as text, each with its source and what a reader must
 * make of it. A shape that the simulator gives is held against its example by test/integration/sandbox.
 */

/** Where a shape is from. Nothing here was recorded from a live vendor. */
type Source =
  /** docs.mixpanel.com/openapi/gdpr.openapi.yaml */
  | 'OpenAPI'
  /** An example on docs.mixpanel.com/reference/gdpr-api */
  | 'overview'
  /** What third-party code reads, or logged */
  | 'third party'
  /** Ours: what follows from the others, or could well be */
  | 'inferred'

export type Example<Meaning> = Readonly<{
  name: string
  source: Source
  httpStatus: number
  body: string
  means: Meaning
}>

/** The id a task is asked about from then on; null where the answer has none. */
type CreatedMeaning = Readonly<{ trackingId: string | null }>

type DeletionStatusMeaning = Readonly<{ status: string; distinctIds: readonly string[] }>

/** `link` is null while there is none. */
type RetrievalStatusMeaning = Readonly<{ status: string; link: string | null; distinctIds: readonly string[] }>

/** The vendor's words, and what stands in the way where it says so. */
type ErrorMeaning = Readonly<{
  error: string
  conflictingDistinctIds: readonly string[]
  conflictingTaskIds: readonly string[]
}>

const uuid = '35bd8477-f71f-4088-af55-c88a6fb4ad4a'
const digits = '1583792934719392965'
const twoIds = ['distinct_id_1', 'distinct_id_2'] as const
const noId: CreatedMeaning = { trackingId: null }

/** A new task as the overview page shows it, its id as it stands in the text. */
const job = (id: string) =>
  `{"status":"PENDING","disclosure_type":"DATA","date_requested":"2020-03-09T22:28:55.078315","tracking_id":${id},"project_id":1978118,"compliance_type":"ccpa","destination_url":null,"requesting_user":"user@mail.com","distinct_id_count":1}`

/** Answers to a call that creates a deletion or a retrieval. */
export const createdExamples: readonly Example<CreatedMeaning>[] = [
  {
    name: 'an object with task_id',
    source: 'OpenAPI',
    httpStatus: 201,
    body: '{"status":"ok","results":{"task_id":"job-tracking-id"}}',
    means: { trackingId: 'job-tracking-id' },
  },
  {
    name: 'an object with a UUID as task_id',
    source: 'overview',
    httpStatus: 201,
    body: `{"status": "ok", "results": {"task_id": "${uuid}"}}`,
    means: { trackingId: uuid },
  },
  {
    name: 'an object with a number as task_id',
    source: 'inferred',
    httpStatus: 201,
    body: '{"status":"ok","results":{"task_id":158379293471939}}',
    means: { trackingId: '158379293471939' },
  },
  {
    name: 'a list with a number in text as tracking_id',
    source: 'overview',
    httpStatus: 201,
    body: `{"status":"ok","results":[${job(`"${digits}"`)}]}`,
    means: { trackingId: digits },
  },
  {
    name: 'a list with a UUID as tracking_id',
    source: 'third party',
    httpStatus: 201,
    body: `{"status":"ok","results":[${job(`"${uuid}"`)}]}`,
    means: { trackingId: uuid },
  },
  {
    name: 'a list with a number as tracking_id',
    source: 'inferred',
    httpStatus: 201,
    body: `{"status":"ok","results":[${job('158379293471939')}]}`,
    means: { trackingId: '158379293471939' },
  },
  {
    name: 'an object with tracking_id',
    source: 'inferred',
    httpStatus: 200,
    body: `{"status":"ok","results":{"tracking_id":"${uuid}"}}`,
    means: { trackingId: uuid },
  },
  {
    name: 'a list with task_id',
    source: 'inferred',
    httpStatus: 201,
    body: `{"status":"ok","results":[{"task_id":"${uuid}"}]}`,
    means: { trackingId: uuid },
  },
  { name: 'an empty object', source: 'inferred', httpStatus: 201, body: '{"status":"ok","results":{}}', means: noId },
  { name: 'an empty list', source: 'inferred', httpStatus: 201, body: '{"status":"ok","results":[]}', means: noId },
  {
    name: 'an empty task_id',
    source: 'inferred',
    httpStatus: 201,
    body: '{"status":"ok","results":{"task_id":""}}',
    means: noId,
  },
  {
    // Read as a double it is 1583792934719393000: another task's id, or nobody's.
    name: 'a number with more digits than a double keeps',
    source: 'inferred',
    httpStatus: 201,
    body: `{"status":"ok","results":{"task_id":${digits}}}`,
    means: noId,
  },
]

const statuses = ['PENDING', 'STAGING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED', 'NOT_FOUND', 'UNKNOWN'] as const

const wholeDeletion = {
  tracking_id: uuid,
  requesting_user: 'user@mail.com',
  compliance_type: 'GDPR',
  project_id: 1_978_118,
  date_requested: '2020-03-09T22:28:55',
  distinct_ids: twoIds,
} as const

/** Answers to a status call about a deletion. */
export const deletionStatusExamples: readonly Example<DeletionStatusMeaning>[] = [
  ...statuses.map((status) => ({
    name: `${status} with every field`,
    source: 'OpenAPI' as const,
    httpStatus: 200,
    body: JSON.stringify({ status: 'ok', results: { ...wholeDeletion, status } }),
    means: { status, distinctIds: twoIds },
  })),
  ...statuses.map((status) => ({
    name: `${status} in short`,
    source: 'overview' as const,
    httpStatus: 200,
    body: JSON.stringify({ status: 'ok', results: { status, result: '', distinct_ids: twoIds } }),
    means: { status, distinctIds: twoIds },
  })),
  {
    name: 'compliance type in lower case',
    source: 'overview',
    httpStatus: 200,
    body: JSON.stringify({
      status: 'ok',
      results: { ...wholeDeletion, status: 'SUCCESS', tracking_id: digits, compliance_type: 'ccpa' },
    }),
    means: { status: 'SUCCESS', distinctIds: twoIds },
  },
]

const wholeRetrieval = {
  disclosure_type: 'DATA',
  date_requested: '2020-03-09T22:28:55.078315',
  tracking_id: digits,
  project_id: 1_978_118,
  compliance_type: 'ccpa',
  requesting_user: 'user@mail.com',
  distinct_id_count: 2,
} as const

const exportLink = 'https://storage.example/9871287366712'

/** Answers to a status call about a retrieval: the three places of its link, and the same while there is none. */
export const retrievalStatusExamples: readonly Example<RetrievalStatusMeaning>[] = [
  retrievalExample('link in results.results', 'OpenAPI', { results: exportLink }, exportLink),
  retrievalExample(
    'link in results.results, without https',
    'OpenAPI',
    { results: 'linktoexportfile.com/9871287366712' },
    'linktoexportfile.com/9871287366712',
  ),
  retrievalExample('no link yet in results.results', 'OpenAPI', { results: '' }, null),
  retrievalExample('link in results.result', 'overview', { result: exportLink }, exportLink),
  retrievalExample('no link yet in results.result', 'overview', { result: '' }, null),
  retrievalExample(
    'link in destination_url',
    'inferred',
    { ...wholeRetrieval, destination_url: exportLink },
    exportLink,
  ),
  retrievalExample('no link yet in destination_url', 'inferred', { ...wholeRetrieval, destination_url: null }, null),
]

function retrievalExample(
  name: string,
  source: Source,
  fields: object,
  link: string | null,
): Example<RetrievalStatusMeaning> {
  const status = link === null ? 'STARTED' : 'SUCCESS'
  return {
    name,
    source,
    httpStatus: 200,
    body: JSON.stringify({ status: 'ok', results: { status, ...fields, distinct_ids: twoIds } }),
    means: { status, link, distinctIds: twoIds },
  }
}

const overLimit = 'Too Many Requests, this API is limited to 1 req/s'

/** Refusals. The vendor documents their form alone; the words are ours where the source does not give them. */
export const errorExamples: readonly Example<ErrorMeaning>[] = [
  refusalExample('unauthorized', 'OpenAPI', 401, 'Unauthorized'),
  refusalExample('forbidden', 'OpenAPI', 403, 'Forbidden'),
  refusalExample('invalid arguments', 'inferred', 400, 'Bad Request'),
  refusalExample('too late to cancel', 'inferred', 405, 'Method Not Allowed'),
  refusalExample('over the limit', 'third party', 429, overLimit),
  {
    name: 'over the limit, in plain text',
    source: 'inferred',
    httpStatus: 429,
    body: overLimit,
    means: { error: overLimit, conflictingDistinctIds: [], conflictingTaskIds: [] },
  },
  {
    name: 'ids in running tasks',
    source: 'third party',
    httpStatus: 409,
    body: JSON.stringify({
      status: 'error',
      error: { conflicting_distinct_ids: ['distinct_id_1'], conflicting_task_ids: [uuid], error: 'Conflict' },
    }),
    means: { error: 'Conflict', conflictingDistinctIds: ['distinct_id_1'], conflictingTaskIds: [uuid] },
  },
]

function refusalExample(name: string, source: Source, httpStatus: number, error: string): Example<ErrorMeaning> {
  const means = { error, conflictingDistinctIds: [], conflictingTaskIds: [] }
  return { name, source, httpStatus, body: JSON.stringify({ error, status: 'error' }), means }
}
