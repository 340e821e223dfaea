/** What main tells the page about changes, held down to a rate a person can see. */
import type { Change, Topic } from '../../../shared/contract.ts'
import type { Clock } from '../ports.ts'

/** Says that something under `topic` changed; `id` is the row concerned, null or absent: any. */
export type Notify = (topic: Topic, id?: number | null) => void

const spacingMilliseconds = 100

/** What waits behind the last push; null: nothing yet. */
type Pending = Readonly<{ id: number | null }> | null

/**
 * Makes `notify`: the first change of a topic leaves at once, those that follow within 100 ms leave together as one, so
 * that a topic is pushed at most ten times a second and the last change is never lost. Changes of several rows that
 * leave together carry no id. `revision` grows with every push.
 */
export function createNotify(clock: Clock, push: (change: Change) => void): Notify {
  const pending = new Map<Topic, Pending>()
  let revision = 0

  const send = (topic: Topic, id: number | null) => {
    revision += 1
    push({ topic, id, revision, at: clock.now() })
    pending.set(topic, null)
    void sendWhatGathers(topic)
  }

  const sendWhatGathers = async (topic: Topic) => {
    await clock.sleep(spacingMilliseconds)
    const next = pending.get(topic) ?? null
    if (next === null) pending.delete(topic)
    else send(topic, next.id)
  }

  return (topic, id = null) => {
    const next = pending.get(topic)
    if (next === undefined) send(topic, id)
    else pending.set(topic, { id: next === null || next.id === id ? id : null })
  }
}
