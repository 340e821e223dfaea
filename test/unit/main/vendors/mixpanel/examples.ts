/**
 * Bodies that Mixpanel is known to answer with, as data: one entry a shape, with where it is known from and what it must
 * be read as. No schema stands behind them; they are what a reader is held against.
 */

/** Where a shape is known from: the vendor's OpenAPI, its overview of the GDPR API, or programs of others. */
type Source = 'OpenAPI' | 'overview' | 'programs of others'

type Example<Read> = Readonly<{ name: string; source: Source; status: number; body: unknown; read: Read }>

const uuid = '35bd8477-f71f-4088-af55-c88a6fb4ad4b'
const digits = '1583792934719392965'

/** The job of the overview, as the answer to its creation lists it. */
const job = {
  status: 'PENDING',
  disclosure_type: 'DATA',
  date_requested: '2020-03-09T22:28:55.078315',
  tracking_id: digits,
  project_id: 1978118,
  compliance_type: 'ccpa',
  destination_url: null,
  requesting_user: 'pat.davis@example.com',
  distinct_id_count: 1,
}

/** Answers to a call that creates a task; `read`: the id to ask about. */
export const created: readonly Example<string>[] = [
  {
    name: 'an object with task_id',
    source: 'OpenAPI',
    status: 201,
    body: { status: 'ok', results: { task_id: uuid } },
    read: uuid,
  },
  {
    name: 'an object with a number as task_id',
    source: 'OpenAPI',
    status: 201,
    body: { status: 'ok', results: { task_id: 4711 } },
    read: '4711',
  },
  {
    name: 'a list with the job',
    source: 'overview',
    status: 201,
    body: { status: 'ok', results: [job] },
    read: digits,
  },
  {
    name: 'a list with a job whose id is a UUID',
    source: 'programs of others',
    status: 201,
    body: { status: 'ok', results: [{ ...job, tracking_id: uuid, compliance_type: 'gdpr' }] },
    read: uuid,
  },
  {
    name: 'an object with tracking_id, under 200',
    source: 'programs of others',
    status: 200,
    body: { status: 'ok', results: { ...job, tracking_id: uuid } },
    read: uuid,
  },
]

/** Every status of the OpenAPI's list, in the order in which it stands there. */
export const statusWords = [
  'PENDING',
  'STAGING',
  'STARTED',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
  'NOT_FOUND',
  'UNKNOWN',
] as const

/** The whole status answer of the OpenAPI. */
export function statusBody(status: string, distinctIds: unknown, more: object = {}) {
  return {
    status: 'ok',
    results: {
      tracking_id: uuid,
      status,
      requesting_user: 'privacy@example.com',
      compliance_type: 'GDPR',
      project_id: 1978118,
      date_requested: '2026-11-23T09:00:00',
      distinct_ids: distinctIds,
      ...more,
    },
  }
}

/** Answers to a status call; `read`: the task they are about (null: they do not say), its word and its identifiers. */
export const statuses: readonly Example<
  Readonly<{ id: string | null; word: string; distinctIds: readonly string[] }>
>[] = [
  ...statusWords.map((word) => ({
    name: `${word}, whole`,
    source: 'OpenAPI' as const,
    status: 200,
    body: statusBody(word, ['distinct_id_1', 'distinct_id_2']),
    read: { id: uuid, word, distinctIds: ['distinct_id_1', 'distinct_id_2'] },
  })),
  {
    name: 'short',
    source: 'overview',
    status: 200,
    body: { status: 'ok', results: { status: 'PENDING', result: '', distinct_ids: ['1'] } },
    read: { id: null, word: 'PENDING', distinctIds: ['1'] },
  },
  {
    name: 'with the compliance type in lower case',
    source: 'overview',
    status: 200,
    body: statusBody('SUCCESS', ['1'], { compliance_type: 'ccpa' }),
    read: { id: uuid, word: 'SUCCESS', distinctIds: ['1'] },
  },
  {
    name: 'in a list, with a number as its id',
    source: 'programs of others',
    status: 200,
    body: { status: 'ok', results: [{ tracking_id: 4711, status: 'STARTED', distinct_ids: ['1'] }] },
    read: { id: '4711', word: 'STARTED', distinctIds: ['1'] },
  },
]

/** Refusals in the vendor's shape; `read`: their words. */
export const refusals: readonly Example<string>[] = [
  {
    name: '401',
    source: 'OpenAPI',
    status: 401,
    body: { error: 'Unauthorized', status: 'error' },
    read: 'Unauthorized',
  },
  { name: '403', source: 'OpenAPI', status: 403, body: { error: 'Forbidden', status: 'error' }, read: 'Forbidden' },
  {
    name: '429',
    source: 'programs of others',
    status: 429,
    body: { error: 'Too Many Requests, this API is limited to 1 req/s', status: 'error' },
    read: 'Too Many Requests, this API is limited to 1 req/s',
  },
  {
    name: 'an object as error',
    source: 'programs of others',
    status: 400,
    body: { status: 'error', error: { error: 'Bad Request' } },
    read: 'Bad Request',
  },
]

/** The refusal of a call because of running tasks; `read`: the identifiers and tasks it names. */
export const conflict: Example<Readonly<{ distinctIds: readonly string[]; tasks: readonly string[] }>> = {
  name: '409',
  source: 'programs of others',
  status: 409,
  body: {
    status: 'error',
    error: {
      conflicting_distinct_ids: ['u1', 'u2'],
      conflicting_task_ids: [uuid, digits],
      error: 'Deletion tasks for these ids are running',
    },
  },
  read: { distinctIds: ['u1', 'u2'], tasks: [uuid, digits] },
}
