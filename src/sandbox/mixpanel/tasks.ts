import type { SandboxRandom } from '../ports.ts'
import type { MixpanelConfig, MixpanelProject } from './config.ts'
import type { TaskKind } from './route.ts'
import { isRunning, statusOf, strangerBeside, type Task } from './task.ts'

/** Which ids of a new deletion are in running ones, and in which. */
export type Conflict = { readonly distinctIds: readonly string[]; readonly trackingIds: readonly string[] }

/** All tasks of the simulator. */
export type TaskBook = {
  /** Makes a task of it, with an id of its own. */
  readonly add: (task: Omit<Task, 'trackingId' | 'cancelled' | 'signature'>) => Task
  /** An id in the form of a task's, that is no task's. */
  readonly unusedId: () => string
  /** The task of this kind and project under that id. */
  readonly find: (kind: TaskKind, project: MixpanelProject, trackingId: string) => Task | undefined
  /** The retrieval under that id, of whatever project. */
  readonly findRetrieval: (trackingId: string) => Task | undefined
  readonly cancel: (task: Task) => void
  /** What stands against a deletion of these ids in the project at `now`; null where nothing does. */
  readonly conflictOf: (project: MixpanelProject, distinctIds: readonly string[], now: number) => Conflict | null
  /**
   * Sees to it that somebody else has a deletion of these ids running, once for each of them. The task holds one id more
   * that nobody submits.
   */
  readonly beginElsewhere: (
    project: MixpanelProject,
    distinctIds: readonly string[],
    ending: Task['ending'],
    now: number,
  ) => void
  readonly all: () => readonly Task[]
  readonly reset: () => void
}

export function createTaskBook({ idForm, processing }: MixpanelConfig, random: SandboxRandom): TaskBook {
  const tasks = new Map<string, Task>()
  const begunElsewhere = new Set<string>()
  let idsGiven = 0

  const unusedId = (): string => {
    idsGiven += 1
    if (idForm === 'uuid') return random.uuid()
    // As long as the vendor's own example where it is text; short enough for every reader of JSON where it is a number.
    const head = 1_000_000_000 + Math.floor(random.fraction() * 8_000_000_000)
    return `${head}${String(idsGiven).padStart(idForm === 'digits' ? 9 : 5, '0')}`
  }

  const add: TaskBook['add'] = (task) => {
    const added: Task = { ...task, trackingId: unusedId(), cancelled: false, signature: random.uuid() }
    tasks.set(added.trackingId, added)
    return added
  }

  const isOf = (task: Task, kind: TaskKind, project: MixpanelProject) =>
    task.kind === kind && task.project.projectToken === project.projectToken

  return {
    add,
    unusedId,
    find: (kind, project, trackingId) => {
      const task = tasks.get(trackingId)
      return task !== undefined && isOf(task, kind, project) ? task : undefined
    },
    findRetrieval: (trackingId) => {
      const task = tasks.get(trackingId)
      return task?.kind === 'retrieval' ? task : undefined
    },
    cancel: (task) => {
      tasks.set(task.trackingId, { ...task, cancelled: true })
    },
    conflictOf: (project, distinctIds, now) => {
      const wanted = new Set(distinctIds)
      const inTheWay = [...tasks.values()]
        .filter((task) => isOf(task, 'deletion', project) && isRunning(statusOf(task, now, processing)))
        .map((task) => ({ task, shared: task.order.distinctIds.filter((id) => wanted.has(id)) }))
        .filter(({ shared }) => shared.length > 0)
      if (inTheWay.length === 0) return null
      const conflicting = new Set(inTheWay.flatMap(({ shared }) => shared))
      return {
        distinctIds: [...wanted].filter((id) => conflicting.has(id)),
        trackingIds: inTheWay.map(({ task }) => task.trackingId),
      }
    },
    beginElsewhere: (project, distinctIds, ending, now) => {
      const keyOf = (id: string) => JSON.stringify([project.projectToken, id])
      const fresh = [...new Set(distinctIds)].filter((id) => !begunElsewhere.has(keyOf(id)))
      const [first] = fresh
      if (first === undefined) return
      for (const id of fresh) begunElsewhere.add(keyOf(id))
      add({
        kind: 'deletion',
        project,
        order: { distinctIds: [...fresh, strangerBeside(first)], complianceType: 'GDPR', disclosureType: null },
        createdAt: now,
        requestingUser: 'somebody-else@sandbox.example',
        origin: 'somebody else',
        ending,
      })
    },
    all: () => [...tasks.values()],
    reset: () => {
      tasks.clear()
      begunElsewhere.clear()
    },
  }
}
