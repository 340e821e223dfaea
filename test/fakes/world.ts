/** The fake bridge's memory. */
import type { Appearance, AppStatus, Topic } from '../../src/shared/contract.ts'
import type { CaseDetail } from '../../src/shared/model/case.ts'
import type { Budget, Connection } from '../../src/shared/model/connection.ts'
import type { ImportSummary } from '../../src/shared/model/import.ts'
import type { CaseFacts, RepeatDecision, RequestSummary, WaitingGroup } from '../../src/shared/model/request.ts'
import type { Scope } from '../../src/shared/model/scope.ts'
import { inventCases } from './invented-cases.ts'
import { inventBudgets, inventConnections, inventedWaiting, inventRequests } from './invented.ts'

/** `empty`: the first run. `memory`: no keychain. `other window`: another process sends. */
export type Scenario = 'full' | 'empty' | 'memory' | 'other window' | 'offline'

export type World = {
  readonly scenario: Scenario
  readonly push: (topic: Topic, id?: number) => void
  appearance: Appearance
  status: AppStatus
  connections: readonly Connection[]
  budgets: readonly Budget[]
  requests: readonly RequestSummary[]
  waiting: readonly WaitingGroup[]
  imports: readonly ImportSummary[]
  cases: readonly CaseDetail[]
  scopes: ReadonlyMap<number, Scope>
  caseFacts: ReadonlyMap<number, CaseFacts>
  droppedName: string | null
  repeatDecision: RepeatDecision
}

export function createWorld(scenario: Scenario, push: World['push']): World {
  const now = Date.now()
  const empty = scenario === 'empty' || scenario === 'memory'
  const connections = empty ? [] : inventConnections(now)
  const noKeychain = {
    code: 'keychain-missing' as const,
    message: 'This machine has no keychain that answers.',
    kept: 'Nothing of this session is saved, and import is off.',
    next: 'Start a keychain (GNOME Keyring or KWallet on Linux), then open the app again.',
    retryable: true,
  }
  const memory = scenario === 'memory'
  const invented = empty ? null : inventCases(now, connections, inventRequests(now, connections))
  return {
    scenario,
    push,
    appearance: { theme: 'system', zoom: 1 },
    status: {
      version: '0.1.0',
      electron: '45.4.1',
      history: { kind: memory ? 'memory' : 'encrypted', failure: memory ? noKeychain : null },
      keychain: { usable: !memory, failure: memory ? noKeychain : null },
      importTrouble: null,
      sender:
        scenario === 'other window'
          ? { sends: false, reason: 'Another window of this history, opened at 9:12, sends.' }
          : { sends: true, reason: null },
      sandbox: {
        running: !empty,
        origin: empty ? null : 'http://127.0.0.1:41873',
      },
      online: scenario !== 'offline',
    },
    connections,
    budgets: empty ? [] : inventBudgets(now),
    requests: invented?.requests ?? [],
    cases: invented?.cases ?? [],
    waiting: inventedWaiting,
    imports: invented?.imports ?? [],
    scopes: new Map(),
    caseFacts: new Map(),
    droppedName: null,
    repeatDecision: 'leave out',
  }
}
