import { zip, type PackedFile } from '../zip.ts'
import { namedIds, type Task } from './task.ts'

/** A retrieval's file as it is served: a name to save it under, and a ZIP archive of JSON lines. */
export function exportFileOf(task: Task): { readonly name: string; readonly content: Uint8Array } {
  return { name: `mixpanel-retrieval-${task.trackingId}.zip`, content: zip(filesOf(task), task.createdAt) }
}

/** What is inside. The vendor does not document it; what matters is that it is somebody's data, line by line. */
function filesOf(task: Task): readonly PackedFile[] {
  const ids = namedIds(task)
  const time = Math.floor(task.createdAt / 1_000)
  switch (task.order.disclosureType) {
    case 'Categories': {
      const categories = ids.map((id) => ({ distinct_id: id, categories: ['Identifiers', 'Location'] }))
      return [linesOf('categories.jsonl', categories)]
    }
    case 'Sources': {
      const sources = ids.map((id) => ({ distinct_id: id, sources: ['web', 'server'] }))
      return [linesOf('sources.jsonl', sources)]
    }
    case 'Data':
    case null: {
      const events = ids.flatMap((id) =>
        ['Sign up', 'Page view'].map((event) => ({ event, properties: { distinct_id: id, time, $city: 'Berlin' } })),
      )
      const profiles = ids.map((id) => ({ $distinct_id: id, $properties: { plan: 'basic' } }))
      return [linesOf('events.jsonl', events), linesOf('profiles.jsonl', profiles)]
    }
  }
}

function linesOf(name: string, values: readonly unknown[]): PackedFile {
  return { name, content: values.map((value) => `${JSON.stringify(value)}\n`).join('') }
}
