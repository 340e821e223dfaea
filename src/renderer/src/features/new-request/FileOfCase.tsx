import { useState } from 'react'
import { useLocation } from 'wouter'
import type { ImportId } from '../../../../shared/model/ids.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { useChannel } from '../../api.ts'
import { describeSum, sumImports } from '../../files/import-words.ts'
import { ImportResults } from '../../files/ImportResults.tsx'
import { paths } from '../../paths.ts'
import { Button, countOf, EmptyState, Notice } from '../../ui/index.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import { Repeats } from './Repeats.tsx'
import { doneImports, isImporting, type StepProps } from './steps.ts'

/** The first two steps of a draft that belongs to a case: where its identifiers came from. They are the case's to change. */
export function FileOfCase({
  draft,
  ofCase,
  step,
  goTo,
}: StepProps & {
  readonly ofCase: NonNullable<RequestDetail['case']>
  readonly step: 'file' | 'columns'
}) {
  const [, navigate] = useLocation()
  const openCase = <Button onPress={() => navigate(paths.case(ofCase.id))}>Open the case</Button>
  const { identifiers } = sumImports(doneImports(draft))
  const isReady = identifiers > 0 && !isImporting(draft)
  return (
    <StepFrame
      heading={step === 'file' ? 'File' : 'Columns and check'}
      footer={
        <>
          {step === 'file' ? null : (
            <Button kind="quiet" onPress={() => goTo('file')}>
              Back
            </Button>
          )}
          <span className="spacer" />
          <Button kind="primary" isDisabled={!isReady} onPress={() => goTo(step === 'file' ? 'columns' : 'scope')}>
            Continue
          </Button>
        </>
      }
    >
      {step === 'file' ? (
        <Notice tone="info" title={`This request is part of the case “${ofCase.name}”.`} actions={openCase}>
          {`Its ${countOf(identifiers, 'identifier')} come from ${draft.imports[0]?.fileName ?? 'the file of the case'}, which the case was made from. File, columns and connection stay as they were chosen there; for others, make another case.`}
        </Notice>
      ) : (
        <Readings draft={draft} ofCase={ofCase} />
      )}
    </StepFrame>
  )
}

/** What became of the file's rows for this connection, named by the columns that were read. */
function Readings({
  draft,
  ofCase,
}: Pick<StepProps, 'draft'> & { readonly ofCase: NonNullable<RequestDetail['case']> }) {
  const [chosen, setChosen] = useState<ImportId | null>(null)
  const detail = useChannel('getCase', { caseId: ofCase.id })
  const names = new Map(
    detail.data?.parts.flatMap(({ readings }) =>
      readings.map(({ importId, columns }) => [importId, columns.join(' + ')] as const),
    ),
  )
  const imports = draft.imports.filter(({ status }) => status !== 'running')
  const selected = imports.find(({ id }) => id === chosen) ?? imports[0]
  if (selected === undefined) {
    return <EmptyState title="Nothing is read yet">The case shows how far the reading of its file is.</EmptyState>
  }
  return (
    <ImportResults
      label="Readings of the file"
      imports={imports}
      selected={selected}
      nameOf={({ id, fileName }) => names.get(id) ?? fileName}
      sumOf={describeSum}
      onSelect={setChosen}
    >
      <Repeats draft={draft} saysNone />
    </ImportResults>
  )
}
