import { json, text, type Answer } from '../answer.ts'
import { retryAfterHeaders } from '../rate-windows.ts'
import type { TaskOrder } from './body.ts'
import type { LinkPlace, MixpanelConfig, MixpanelProject, MixpanelRefusalName } from './config.ts'
import { namedIds, type Task, type TaskStatus } from './task.ts'
import type { Conflict } from './tasks.ts'

/** A task as an answer tells of it. */
export type ToldTask = {
  readonly trackingId: string
  readonly project: MixpanelProject
  readonly status: TaskStatus
  /** Null where the look-up found nothing or failed. */
  readonly task: Task | null
}

/**
 * The answer to a call that created a task (201). Shapes: the vendor's OpenAPI (`JobCreated`: an object with `task_id`),
 * and the example on its overview page (a list with the whole job).
 */
export function createdAnswer(
  created: Pick<Task, 'trackingId' | 'project' | 'order' | 'createdAt' | 'requestingUser'>,
  config: MixpanelConfig,
): Answer {
  const { trackingId, project, order, createdAt, requestingUser } = created
  const id = config.idForm === 'number' ? Number(trackingId) : trackingId
  if (config.createAnswer === 'object') return json(201, { status: 'ok', results: { task_id: id } })
  const job = {
    status: 'PENDING',
    disclosure_type: (order.disclosureType ?? 'Data').toUpperCase(),
    date_requested: microseconds(createdAt),
    tracking_id: id,
    project_id: project.projectId,
    compliance_type: complianceTypeOf(order, config),
    destination_url: null,
    requesting_user: requestingUser,
    distinct_id_count: order.distinctIds.length,
  }
  return json(201, { status: 'ok', results: [job] })
}

/**
 * The answer to a status call about a deletion. Shapes: the vendor's OpenAPI (`CheckDeletionResponse`), and the short
 * example on its overview page. Where the look-up found nothing or failed, the fields it demands are there and empty:
 * the vendor does not say what they hold then.
 */
export function deletionStatusAnswer({ trackingId, project, status, task }: ToldTask, config: MixpanelConfig): Answer {
  const distinctIds = task === null ? [] : namedIds(task)
  if (config.statusAnswer === 'short')
    return json(200, { status: 'ok', results: { status, result: '', distinct_ids: distinctIds } })
  const results = {
    tracking_id: trackingId,
    status,
    requesting_user: task?.requestingUser ?? '',
    compliance_type: task === null ? '' : complianceTypeOf(task.order, config),
    project_id: project.projectId,
    date_requested: task === null ? '' : seconds(task.createdAt),
    distinct_ids: distinctIds,
  }
  return json(200, { status: 'ok', results })
}

/**
 * The answer to a status call about a retrieval. Its link stands where `place` says: in `results`, as in the vendor's
 * OpenAPI (`CheckRetrievalResponse`), in `result`, as in the example on its overview page, or in `destination_url`, as in
 * the job that the answer to its creation shows.
 */
export function retrievalStatusAnswer(
  { trackingId, project, status, task }: ToldTask,
  link: string | null,
  place: LinkPlace,
  config: MixpanelConfig,
): Answer {
  const distinctIds = task === null ? [] : namedIds(task)
  if (place !== 'destination_url')
    return json(200, { status: 'ok', results: { status, [place]: link ?? '', distinct_ids: distinctIds } })
  const results = {
    status,
    disclosure_type: (task?.order.disclosureType ?? 'Data').toUpperCase(),
    date_requested: task === null ? '' : microseconds(task.createdAt),
    tracking_id: trackingId,
    project_id: project.projectId,
    compliance_type: task === null ? '' : complianceTypeOf(task.order, config),
    destination_url: link,
    requesting_user: task?.requestingUser ?? '',
    distinct_id_count: distinctIds.length,
    distinct_ids: distinctIds,
  }
  return json(200, { status: 'ok', results })
}

/** A refusal in the vendor's form, `{"error":"…","status":"error"}`. */
export function refusalAnswer(name: MixpanelRefusalName, { errors }: MixpanelConfig): Answer {
  const { status, message } = errors[name]
  return json(status, { error: message, status: 'error' })
}

/** The refusal of ids that are in running tasks. Undocumented; form as third-party code reads it. */
export function conflictAnswer({ distinctIds, trackingIds }: Conflict, { errors }: MixpanelConfig): Answer {
  const { status, message } = errors.conflict
  const error = { conflicting_distinct_ids: distinctIds, conflicting_task_ids: trackingIds, error: message }
  return json(status, { status: 'error', error })
}

/** The answer to a call over the limit. */
export function overLimitAnswer({ overLimit }: MixpanelConfig, milliseconds: number, vendorNow: number): Answer {
  const { status, message, body, retryAfter } = overLimit
  const headers = retryAfterHeaders(retryAfter, milliseconds, vendorNow)
  return body === 'text' ? text(status, message, headers) : json(status, { error: message, status: 'error' }, headers)
}

function complianceTypeOf({ complianceType }: TaskOrder, config: MixpanelConfig): string {
  return config.complianceTypeCase === 'lower' ? complianceType.toLowerCase() : complianceType
}

/** `YYYY-MM-DDTHH:MM:SS`, as the OpenAPI's example has it: without a zone. */
function seconds(time: number): string {
  return new Date(time).toISOString().slice(0, 19)
}

/** With six digits after the second, as the overview's example has it. */
function microseconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000`
}
