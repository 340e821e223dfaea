import { useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { ConnectionId, RequestId } from '../../../../shared/model/ids.ts'
import type { ChosenFile } from '../../../../shared/model/import.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useAction, useChannel } from '../../api.ts'
import { sumImports } from '../../files/import-words.ts'
import { paths } from '../../paths.ts'
import {
  EnvironmentChip,
  FailureNotice,
  remember,
  ScreenHeader,
  useEnvironmentBand,
  useRemembered,
} from '../../ui/index.ts'
import { draftStepKey } from '../../wizard/draft-step.ts'
import { StepsRail } from '../../wizard/StepsRail.tsx'
import { ColumnsStep } from './ColumnsStep.tsx'
import { DiscardDraft } from './DiscardDraft.tsx'
import { FactsStep } from './FactsStep.tsx'
import { FileOfCase } from './FileOfCase.tsx'
import { FileStep } from './FileStep.tsx'
import { openFiles, replaceOpen, type PendingFile } from './pending.ts'
import { PlanStep } from './PlanStep.tsx'
import { ScopeStep } from './ScopeStep.tsx'
import { doneImports, firstOpenStep, isUntouched, listSteps, mayOpen, type Step, type WizardState } from './steps.ts'

const crumb = { words: 'Requests', to: paths.requests() }
const title = 'New request'

/**
 * The way from a CSV to a request that was sent: five steps, each of which can be left and come back to. `opened`: what the
 * address names; copies stand in the plan.
 */
export function NewRequestPage({
  requestId,
  opened,
}: {
  readonly requestId: RequestId | null
  readonly opened: 'copies' | null
}) {
  return requestId === null ? <Beginning /> : <Draft requestId={requestId} opened={opened} />
}

/** Before there is a draft: it begins with the first file, so that looking in leaves nothing behind. */
function Beginning() {
  const [, navigate] = useLocation()
  const connections = useChannel('listConnections', {})
  const create = useAction('createDraft')
  const [chosen, setChosen] = useState<ConnectionId | null>(null)
  const [files, setFiles] = useState<readonly ChosenFile[]>([])
  const connection = connectionFor(connections.data ?? [], chosen)
  useEnvironmentBand(connection?.environment)

  const begin = (connectionId: ConnectionId, pending: readonly ChosenFile[]) =>
    create.mutate(
      { connectionId },
      {
        onSuccess: ({ id }) => {
          remember(pendingKey(id), pending)
          remember(draftStepKey(id), 'columns')
          navigate(paths.draft(id), { replace: true })
        },
      },
    )
  const add = (added: readonly ChosenFile[]) => {
    const pending = [...files, ...added]
    setFiles(pending)
    if (connection !== null) begin(connection.id, pending)
  }

  const state: WizardState = { draft: null, pending: files[0] ?? null, allRowsHaveBots: false }
  return (
    <>
      <ScreenHeader
        title={title}
        crumb={crumb}
        takesFocus={false}
        beside={
          connection === null ? null : <EnvironmentChip environment={connection.environment} words={connection.name} />
        }
      />
      <div className="wizard">
        <StepsRail steps={listSteps(state, 'file')} current="file" onOpen={null} />
        {connections.error !== null ? (
          <div className="inset">
            <FailureNotice failure={connections.error.failure} />
          </div>
        ) : connections.data === undefined ? null : (
          <FileStep
            connections={connections.data}
            connectionId={connection?.id ?? null}
            onConnection={setChosen}
            draft={null}
            pending={files}
            onFiles={add}
            onLeaveOut={(token) => setFiles(files.filter((file) => file.token !== token))}
            failure={create.failure}
            isBusy={create.isPending}
            onContinue={connection === null || files.length === 0 ? null : () => begin(connection.id, files)}
          />
        )}
      </div>
    </>
  )
}

/** The connection an ask would go to: the chosen one; the only one where there is no choice. */
function connectionFor(connections: readonly Connection[], chosen: ConnectionId | null): Connection | null {
  if (connections.length === 1) return connections[0] ?? null
  return connections.find(({ id }) => id === chosen) ?? null
}

/** The name under which the window remembers the files chosen for a draft, until they are imported. */
const pendingKey = (id: RequestId) => `draft/${id}/files`
const noFiles: readonly PendingFile[] = []

function Draft({ requestId, opened }: { readonly requestId: RequestId; readonly opened: 'copies' | null }) {
  const { data, error } = useChannel('getRequest', { requestId })
  useEnvironmentBand(data?.environment)
  if (error !== null) {
    return (
      <>
        <ScreenHeader title={title} crumb={crumb} />
        <div className="inset">
          <FailureNotice failure={error.failure} />
        </div>
      </>
    )
  }
  if (data === undefined) return null
  if (data.phase !== 'draft') {
    return <Redirect to={opened === null ? paths.request(requestId) : paths.copies(requestId)} replace />
  }
  return <Wizard draft={data} opened={opened} />
}

function Wizard({ draft, opened }: { readonly draft: RequestDetail; readonly opened: 'copies' | null }) {
  const [, navigate] = useLocation()
  const [remembered, rememberStep] = useRemembered<Step>(draftStepKey(draft.id), firstOpenStep(draft))
  const step = opened === null ? remembered : 'plan'
  const goTo = (next: Step) => {
    rememberStep(next)
    if (opened !== null) navigate(paths.draft(draft.id), { replace: true })
  }
  const [files, setFiles] = useRemembered<readonly PendingFile[]>(pendingKey(draft.id), noFiles)
  const pending = openFiles(files, draft.imports)
  const setPending = (next: readonly PendingFile[]) => setFiles(replaceOpen(files, draft.imports, next))
  const hasIdentifiers = sumImports(doneImports(draft)).identifiers > 0
  const bots = useChannel('suggestBots', { requestId: draft.id }, { enabled: hasIdentifiers })
  const state: WizardState = {
    draft,
    pending: pending[0] ?? null,
    allRowsHaveBots: bots.data !== undefined && bots.data.withoutOwn === 0 && bots.data.inFile.length > 0,
  }
  // A draft whose files were taken out while a later step was remembered opens at the files again.
  const current = mayOpen(step, state) || (step === 'plan' && bots.data === undefined) ? step : firstOpenStep(draft)
  const discard = useDiscardUntouched(draft)
  const leaveOut = (token: string) => {
    const rest = pending.filter((file) => file.token !== token)
    setPending(rest)
    if (rest.length > 0) return
    const inVain = pending.map(({ importId }) => importId)
    const imports = draft.imports.filter(({ id }) => !inVain.includes(id))
    if (isUntouched({ ...draft, imports })) discard()
    else if (imports.length === 0) goTo('file')
  }
  const ofCase = draft.case
  return (
    <>
      <ScreenHeader
        title={ofCase === null ? title : ofCase.name}
        crumb={ofCase === null ? crumb : { words: 'Case', to: paths.case(ofCase.id) }}
        takesFocus={false}
        beside={
          <>
            <EnvironmentChip environment={draft.environment} words={draft.connectionName} />
            {ofCase === null ? <span className="faint cut">{draft.name}</span> : null}
          </>
        }
        actions={ofCase === null ? <DiscardDraft draft={draft} /> : undefined}
      />
      <div className="wizard">
        <StepsRail steps={listSteps(state, current)} current={current} onOpen={goTo} />
        <CurrentStep
          key={current}
          step={current}
          state={{ ...state, draft }}
          goTo={goTo}
          pending={pending}
          onPending={setPending}
          onLeaveOut={leaveOut}
        />
      </div>
    </>
  )
}

/** Takes a draft out of the history that holds nothing, and begins anew: looking in leaves nothing behind. */
function useDiscardUntouched(draft: RequestDetail): () => void {
  const [, navigate] = useLocation()
  const discard = useAction('discardDraft')
  // Awaited as a promise: once the draft is gone this screen may be gone before the answer has come.
  return () =>
    void discard.mutateAsync({ requestId: draft.id }).then(
      () => navigate(paths.newRequest(), { replace: true }),
      () => {},
    )
}

function CurrentStep({
  step,
  state,
  goTo,
  pending,
  onPending,
  onLeaveOut,
}: {
  readonly step: Step
  readonly state: WizardState & { readonly draft: RequestDetail }
  readonly goTo: (step: Step) => void
  readonly pending: readonly PendingFile[]
  readonly onPending: (pending: readonly PendingFile[]) => void
  readonly onLeaveOut: (token: string) => void
}) {
  const { draft } = state
  const files = { draft, pending, onPending, onLeaveOut, goTo }
  if (draft.case !== null && (step === 'file' || step === 'columns')) {
    return <FileOfCase draft={draft} ofCase={draft.case} step={step} goTo={goTo} />
  }
  if (step === 'file') return <DraftFileStep {...files} mayContinue={mayOpen('columns', state)} />
  if (step === 'columns') return <ColumnsStep {...files} />
  if (step === 'scope') return <ScopeStep draft={draft} goTo={goTo} />
  if (step === 'facts') return <FactsStep draft={draft} goTo={goTo} />
  return <PlanStep draft={draft} goTo={goTo} />
}

/** The first step again, with a draft to add files to; the connection can still be changed. */
function DraftFileStep({
  draft,
  pending,
  onPending,
  onLeaveOut,
  goTo,
  mayContinue,
}: {
  readonly draft: RequestDetail
  readonly pending: readonly PendingFile[]
  readonly onPending: (pending: readonly PendingFile[]) => void
  readonly onLeaveOut: (token: string) => void
  readonly goTo: (step: Step) => void
  readonly mayContinue: boolean
}) {
  const connections = useChannel('listConnections', {})
  const update = useAction('updateDraft')
  if (connections.data === undefined) return null
  return (
    <FileStep
      connections={connections.data}
      connectionId={draft.connectionId}
      onConnection={(connectionId) => update.mutate({ requestId: draft.id, connectionId })}
      draft={draft}
      pending={pending}
      onFiles={(added) => {
        onPending([...pending, ...added])
        goTo('columns')
      }}
      onLeaveOut={onLeaveOut}
      failure={update.failure}
      isBusy={update.isPending}
      onContinue={mayContinue ? () => goTo('columns') : null}
    />
  )
}
