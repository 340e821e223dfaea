import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import { toDraftFacts } from '../../case-facts/facts.ts'
import { useAction, useChannel } from '../../api.ts'
import { isReadable } from '../../files/import-words.ts'
import { paths } from '../../paths.ts'
import {
  EnvironmentChip,
  FailureNotice,
  riskiestEnvironment,
  ScreenHeader,
  useEnvironmentBand,
  useRemembered,
} from '../../ui/index.ts'
import { useVendors } from '../../vendors.tsx'
import { StepsRail } from '../../wizard/StepsRail.tsx'
import { CaseColumnsStep } from './CaseColumnsStep.tsx'
import { CaseFactsStep } from './CaseFactsStep.tsx'
import { CaseFileStep } from './CaseFileStep.tsx'
import { settleColumns } from './columns.ts'
import { ConnectionsStep } from './ConnectionsStep.tsx'
import {
  listNewCaseSteps,
  mayOpen,
  newCaseSteps,
  nothingChosen,
  takeFile,
  type NewCase,
  type NewCaseState,
  type NewCaseStep,
} from './new-case.ts'
import './cases.css'

/** The way from one CSV to a draft for each connection. Nothing is in the history before the file is read. */
export function NewCasePage() {
  const connections = useChannel('listConnections', {})
  return (
    <>
      {connections.data === undefined ? (
        <>
          <ScreenHeader title="New case" crumb={{ words: 'Cases', to: paths.cases() }} />
          <div className="inset">
            {connections.error === null ? null : <FailureNotice failure={connections.error.failure} />}
          </div>
        </>
      ) : (
        <Making all={connections.data} />
      )}
    </>
  )
}

function Making({ all }: { readonly all: readonly Connection[] }) {
  const [made, setMade] = useRemembered<NewCase>('new-case', nothingChosen)
  const chosen = all.filter(({ id }) => made.connectionIds.includes(id))
  useEnvironmentBand(riskiestEnvironment(chosen))
  const { state, failure, from } = useCaseState(made, chosen)
  const { start, isStarting, startFailure } = useStart(state, () => setMade(nothingChosen))
  const current = mayOpen(made.step, state) ? made.step : lastOpen(state)
  const goTo = (step: NewCaseStep) => setMade({ ...made, step })
  const { file } = made
  return (
    <>
      <ScreenHeader
        title="New case"
        crumb={{ words: 'Cases', to: paths.cases() }}
        takesFocus={false}
        beside={
          <span className="chips">
            {chosen.slice(0, 3).map(({ id, environment, name }) => (
              <EnvironmentChip key={id} environment={environment} words={name} />
            ))}
          </span>
        }
      />
      <div className="wizard">
        <StepsRail steps={listNewCaseSteps(state, current)} current={current} onOpen={goTo} />
        {current === 'connections' ? (
          <ConnectionsStep
            key="connections"
            connections={all}
            chosen={made.connectionIds}
            onChange={(connectionIds) => setMade({ ...made, connectionIds })}
            onContinue={() => goTo('file')}
          />
        ) : current === 'file' ? (
          <CaseFileStep
            key="file"
            file={file}
            onFile={(next) => setMade(takeFile(made, next))}
            onBack={() => goTo('connections')}
            onContinue={() => goTo('columns')}
          />
        ) : current === 'columns' && file !== null ? (
          <CaseColumnsStep
            key={`columns/${file.token}`}
            file={file}
            state={state}
            from={from}
            failure={failure}
            onFile={(next) => setMade({ ...made, file: next })}
            onColumns={(columns) =>
              setMade({
                ...made,
                columns: {
                  titles: isReadable(file) ? file.columns : [],
                  connectionIds: chosen.map(({ id }) => id),
                  columns,
                },
              })
            }
            onBack={() => goTo('file')}
            onContinue={() => goTo('facts')}
          />
        ) : (
          <CaseFactsStep
            key="facts"
            values={made.facts}
            onChange={(facts) => setMade({ ...made, facts })}
            failure={startFailure}
            isStarting={isStarting}
            onBack={() => goTo('columns')}
            onStart={start}
          />
        )}
      </div>
    </>
  )
}

function lastOpen(state: NewCaseState): NewCaseStep {
  return newCaseSteps.filter((step) => step !== 'facts').findLast((step) => mayOpen(step, state)) ?? 'connections'
}

/** What was chosen, with what main takes the file's columns for. */
function useCaseState(made: NewCase, chosen: readonly Connection[]) {
  const vendors = useVendors()
  const file = made.file !== null && isReadable(made.file) ? made.file : null
  const connectionIds = chosen.map(({ id }) => id)
  const guessed = useChannel(
    'guessCaseColumns',
    {
      token: file?.token ?? '',
      format: file?.format ?? { encoding: 'utf-8', delimiter: ',', hasHeader: true },
      connectionIds,
    },
    { enabled: file !== null && connectionIds.length > 0 },
  )
  const connections = useMemo(
    () =>
      chosen.map(({ id, name, vendor }) => ({
        id,
        name,
        roles: vendors.find((one) => one.id === vendor)?.columns ?? [],
      })),
    [chosen, vendors],
  )
  const columns =
    file === null || guessed.data === undefined
      ? null
      : settleColumns(made.columns, guessed.data.columns, file.columns, connectionIds)
  const state: NewCaseState = { made, connections, columns }
  return { state, failure: guessed.error?.failure ?? null, from: guessed.data?.from ?? null }
}

/** Makes the case and begins to read the file; then the case itself is shown. */
function useStart({ made, connections, columns }: NewCaseState, onStarted: () => void) {
  const [, navigate] = useLocation()
  const begin = useAction('startCase')
  const start = () => {
    if (made.file === null || !isReadable(made.file) || columns === null) return
    const { token, format } = made.file
    const { name, caseFacts } = toDraftFacts(made.facts)
    const connectionIds = connections.map(({ id }) => id)
    // Awaited as a promise: what was chosen is put away where this screen was left before the answer has come, too.
    void begin.mutateAsync({ name, token, format, connectionIds, columns: [...columns], caseFacts }).then(
      ({ id }) => {
        onStarted()
        navigate(paths.case(id), { replace: true })
      },
      () => {},
    )
  }
  return { start, isStarting: begin.isPending, startFailure: begin.failure }
}
