/** Gathers who is named by the records of a case's file, until they are posted. */
import { kindOfUserId } from '../../../shared/model/identifier.ts'
import type { PersonOfLine } from '../../core/ports.ts'
import { tokenBytes, type TokenWriter } from './token.ts'

/** So much of a key is kept to be shown; its token is made of all of it. */
const longestKey = 512
const encoder = new TextEncoder()

export type PeopleGatherer = Readonly<{
  /** An empty key: the row is a person of its own. */
  add: (line: number, key: string) => void
  size: () => number
  /** What was gathered since this was last asked. */
  take: () => Readonly<{ people: Uint8Array<ArrayBuffer>; tokens: Uint8Array<ArrayBuffer> }>
}>

/** Holds at most `capacity` people at a time. A key folds like an id of a column of user ids: emails in any letter case. */
export function createPeopleGatherer(writeToken: TokenWriter, capacity: number): PeopleGatherer {
  const tokens = Buffer.alloc(capacity * tokenBytes)
  let people: PersonOfLine[] = []
  return {
    add: (line, key) => {
      const place = people.length * tokenBytes
      if (key === '') tokens.fill(0, place, place + tokenBytes)
      else writeToken({ kind: kindOfUserId(key), value: key, channelId: null }, tokens, place)
      people.push([line, key === '' ? null : key.slice(0, longestKey)])
    },
    size: () => people.length,
    take: () => {
      const taken = {
        people: encoder.encode(JSON.stringify(people)),
        tokens: Uint8Array.from(tokens.subarray(0, people.length * tokenBytes)),
      }
      people = []
      return taken
    },
  }
}
