import { createHash } from 'node:crypto'
import { behavioursAmong, findMixpanelBehaviours, having, type Ending } from './behaviours.ts'
import type { TaskOrder } from './body.ts'
import type { MixpanelConfig, MixpanelProject } from './config.ts'
import type { TaskKind } from './route.ts'

/** What the vendor's OpenAPI lets a status be. */
export type TaskStatus = 'PENDING' | 'STAGING' | 'STARTED' | 'UNKNOWN' | Ending

/** One deletion or retrieval as the vendor keeps it. Times are epoch milliseconds. */
export type Task = {
  readonly trackingId: string
  readonly kind: TaskKind
  readonly project: MixpanelProject
  readonly order: TaskOrder
  readonly createdAt: number
  readonly requestingUser: string
  /** Made by a call to the simulator, or there already for the sake of a conflict. */
  readonly origin: 'caller' | 'somebody else'
  /** How it ends if nobody cancels it. */
  readonly ending: Ending
  readonly cancelled: boolean
  /** Guards its file. */
  readonly signature: string
}

/** What a test reads of a task: what it really is and whom it has really erased, whatever was answered. */
export type TaskView = Pick<Task, 'trackingId' | 'kind' | 'origin' | 'createdAt'> & {
  readonly projectToken: string
  readonly status: Exclude<TaskStatus, 'UNKNOWN'>
  readonly distinctIds: readonly string[]
  readonly erasedIds: readonly string[]
}

type Processing = MixpanelConfig['processing']

/** When the task is over, unless it is cancelled. One that is revoked by somebody else never starts. */
export function endsAt(
  task: Task,
  { pendingMilliseconds, stagingMilliseconds, startedMilliseconds }: Processing,
): number {
  const startsAt = task.createdAt + pendingMilliseconds + stagingMilliseconds
  return task.ending === 'REVOKED' ? startsAt : startsAt + startedMilliseconds
}

/** What the task is at `now`, whatever a status call says. */
export function statusOf(task: Task, now: number, processing: Processing): TaskView['status'] {
  if (task.cancelled) return 'REVOKED'
  if (now >= endsAt(task, processing)) return task.ending
  const age = now - task.createdAt
  if (age < processing.pendingMilliseconds) return 'PENDING'
  return age < processing.pendingMilliseconds + processing.stagingMilliseconds ? 'STAGING' : 'STARTED'
}

/** What a status call says of it: what it is, or that the look-up failed. */
export function toldStatusOf(task: Task, now: number, processing: Processing): TaskStatus {
  const isHidden = having(behavioursAmong(task.order.distinctIds), 'task', 'hide').length > 0
  if (isHidden && now < task.createdAt + processing.unknownMilliseconds) return 'UNKNOWN'
  return statusOf(task, now, processing)
}

/** Whether it may be cancelled. The vendor: until STARTED. */
export function isCancellable(status: TaskStatus): boolean {
  return status === 'PENDING' || status === 'STAGING'
}

/** Whether its ids are in a running task, so that no other may have them. */
export function isRunning(status: TaskStatus): boolean {
  return isCancellable(status) || status === 'STARTED'
}

/** The ids the task works on: those that were submitted, each once, without those that are left out. */
function workedOnIds({ order }: Task): readonly string[] {
  return [...new Set(order.distinctIds)].filter(
    (id) => having(findMixpanelBehaviours(id), 'task', 'leave-out').length === 0,
  )
}

/** The ids a status call names: those it works on, and strangers where they are asked for. */
export function namedIds(task: Task): readonly string[] {
  const strangers = task.order.distinctIds
    .filter((id) => having(findMixpanelBehaviours(id), 'task', 'add-stranger').length > 0)
    .map(strangerBeside)
  return [...workedOnIds(task), ...strangers]
}

/** An id nobody submitted; always the same one beside the same id. */
export function strangerBeside(id: string): string {
  return `somebody-else-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`
}

export function viewOf(task: Task, now: number, processing: Processing): TaskView {
  const { trackingId, kind, origin, createdAt, order, project } = task
  const status = statusOf(task, now, processing)
  return {
    trackingId,
    kind,
    origin,
    createdAt,
    projectToken: project.projectToken,
    status,
    distinctIds: order.distinctIds,
    erasedIds: kind === 'deletion' && status === 'SUCCESS' ? workedOnIds(task) : [],
  }
}
