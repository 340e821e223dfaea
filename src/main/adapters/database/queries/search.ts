/**
 * Finding identifiers by what they are: exactly, through their token, or from three characters on by their beginning.
 * The beginning is looked for in slices that let other questions be answered between them.
 */
import { identifierKinds, type IdentifierValue } from '../../../../shared/model/identifier.ts'
import type { RequestId } from '../../../../shared/model/ids.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import { identifierToken } from '../../csv/token.ts'
import type { History } from '../history.ts'
import { all } from '../sql.ts'
import { endsOf } from './ranks.ts'

const shortestBeginning = 3
const sliceSize = 20_000

/** Ids of the request's identifiers that match, in order; `states` empty: in every state. */
export async function searchIdentifiers(
  history: History,
  requestId: RequestId,
  states: readonly number[],
  search: string,
): Promise<readonly number[]> {
  const found = new Set(exactly(history, requestId, search))
  if (search.length >= shortestBeginning) {
    for (const id of await beginningWith(history, requestId, search)) found.add(id)
  }
  const ids = [...found].toSorted((a, b) => a - b)
  return states.length === 0 ? ids : ids.filter((id) => states.includes(stateOf(history, id)))
}

/** Ids of the request's identifiers that the text names as a whole. */
export function exactly(history: History, requestId: RequestId, search: string): readonly number[] {
  return spellings(search).flatMap((identifier) =>
    all<{ id: number }>(
      history.sql,
      'SELECT identifier_id AS id FROM identifier_token WHERE token = ? AND request_id = ?',
      identifierToken(history.keys.token, identifier),
      requestId,
    ).map(({ id }) => id),
  )
}

/** What the text may stand for: an id of any kind, or a channel pair as the table writes it. */
function spellings(search: string): readonly IdentifierValue[] {
  const single = identifierKinds
    .filter((kind) => kind !== 'channel pair')
    .map((kind) => ({ kind, value: search, channelId: null }))
  const cut = search.indexOf(' · ')
  if (cut < 0) return single
  return [...single, { kind: 'channel pair', channelId: search.slice(0, cut), value: search.slice(cut + 3) }]
}

async function beginningWith(history: History, requestId: RequestId, search: string): Promise<readonly number[]> {
  const pattern = `${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const found: number[] = []
  const { lowest, highest } = endsOf(history.sql, { requestId, states: Object.values(stateNumbers) })
  // Ids of one request lie close together, so that a slice of ids is nearly one of its rows.
  for (let after = lowest - 1; after < highest; after += sliceSize) {
    const rows = all<{ id: number }>(
      history.sql,
      `SELECT id FROM identifier WHERE id > ? AND id <= ? AND +request_id = ?
         AND (value LIKE ? ESCAPE '\\' OR channel_id LIKE ? ESCAPE '\\') ORDER BY id`,
      after,
      Math.min(after + sliceSize, highest),
      requestId,
      pattern,
      pattern,
    )
    for (const { id } of rows) found.push(id)
    await history.pause()
  }
  return found
}

function stateOf(history: History, id: number): number {
  return all<{ state: number }>(history.sql, 'SELECT state FROM identifier WHERE id = ?', id)[0]?.state ?? 0
}
