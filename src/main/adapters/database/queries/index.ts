import type { ParsedInput, Value } from '../../../../shared/contract.ts'
import type { Result } from '../../../../shared/failure.ts'
import type { Timestamp } from '../../../../shared/model/ids.ts'
import type { ReadChannel } from '../../../core/ports.ts'
import type { History } from '../history.ts'
import { asOfOneMoment } from '../sql.ts'
import { listBatchGroups, listScopes, listStrangers } from './batch-parts.ts'
import { listPeople, listPersonIdentifiers } from './case-people.ts'
import { getCase, listCases } from './cases.ts'
import { getConnection, listAccounts, listBudgets, listConnections } from './connections.ts'
import { listIdentifiers } from './identifiers.ts'
import { getImport, listImportRows, suggestBots } from './imports.ts'
import { listAttempts, listBatches, listEvents } from './logs.ts'
import { getAppearance, getOverview } from './overview.ts'
import { getRepeats, listRepeats } from './repeats.ts'
import { listRetrievals } from './retrievals.ts'
import { getRequest, listRequests } from './requests.ts'

type Answered<C extends ReadChannel> = Result<Value<C>> | Promise<Result<Value<C>>>
type Queries = {
  readonly [C in ReadChannel]: (history: History, input: ParsedInput<C>, now: Timestamp) => Answered<C>
}

const queries: Queries = {
  listConnections,
  getConnection,
  listAccounts,
  listBudgets,
  getImport,
  listImportRows,
  suggestBots,
  getRepeats,
  listRepeats,
  listRequests,
  getRequest,
  listIdentifiers,
  listBatches,
  listBatchGroups,
  listStrangers,
  listScopes,
  listAttempts,
  listEvents,
  listRetrievals,
  getOverview,
  getAppearance,
  listCases,
  getCase,
  listPeople,
  listPersonIdentifiers,
}

/** Answers a read-only channel of the contract in the contract's shape. */
export async function answerRead(
  history: History,
  channel: ReadChannel,
  input: unknown,
  now: Timestamp,
): Promise<Result<unknown>> {
  // Each entry takes the input of its own channel; the client's types see to it that they belong together.
  const query = queries[channel] as (history: History, input: unknown, now: Timestamp) => Answered<ReadChannel>
  // A detail and its counts belong together: no write comes between the statements of one answer.
  return await asOfOneMoment(history.sql, () => query(history, input, now))
}
