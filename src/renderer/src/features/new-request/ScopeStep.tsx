import { useRef, useState } from 'react'
import type { Value } from '../../../../shared/contract.ts'
import { canonicalScope, type Scope } from '../../../../shared/model/scope.ts'
import { useChannel } from '../../api.ts'
import { useVendor } from '../../vendors.tsx'
import { Button, countOf, FailureNotice, Notice, RadioGroup } from '../../ui/index.ts'
import { ChoiceStep, NothingToChoose } from './ChoiceStep.tsx'
import { BotsField, takeIn, type BotsEntry } from './BotsField.tsx'
import { useDraftSaving } from './draft-saving.ts'
import { OwnBots } from './OwnBots.tsx'
import { StepFrame } from '../../wizard/StepFrame.tsx'
import type { StepProps } from './steps.ts'
import './new-request-steps.css'

const mostBots = 200

/** The third step: what the vendor leaves to choose. */
export function ScopeStep(properties: StepProps) {
  const vendor = useVendor(properties.draft.vendor)
  if (vendor?.scope.kind === 'choice') return <ChoiceStep {...properties} choice={vendor.scope} />
  if (vendor?.scope.kind === 'everything') return <NothingToChoose {...properties} vendorName={vendor.name} />
  return <BotsStep {...properties} />
}

/** From which bots. Rows that name their own keep to those. */
function BotsStep({ draft, goTo }: StepProps) {
  const bots = useChannel('suggestBots', { requestId: draft.id })
  const [kind, setKind] = useState<'bots' | 'all bots'>(draft.scope?.kind === 'all bots' ? 'all bots' : 'bots')
  const [entry, setEntry] = useState<BotsEntry>({
    text: '',
    botIds: draft.scope?.kind === 'bots' ? draft.scope.botIds : [],
  })
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLDivElement>(null)
  const whole = takeIn(entry)
  const isNeeded = bots.data === undefined || needsScope(bots.data)
  const mistake = isNeeded && kind === 'bots' ? findScopeMistake(whole) : null
  const scope: Scope = kind === 'bots' ? { kind, botIds: [...whole.botIds] } : { kind }
  const isChanged = draft.scope === null || canonicalScope(scope) !== canonicalScope(draft.scope)
  const { save, isSaving, failure } = useDraftSaving(
    draft.id,
    isNeeded && mistake === null && isChanged ? { scope } : null,
  )
  const goOn = () => {
    setTried(true)
    setEntry(whole)
    if (mistake === null) return save(() => goTo('facts'))
    field.current?.querySelector('textarea')?.focus()
    // What is wrong stands below the text and appears with the next paint.
    requestAnimationFrame(() => field.current?.querySelector('.field')?.scrollIntoView({ block: 'nearest' }))
  }

  return (
    <StepFrame
      heading="From which bots"
      footer={
        <>
          <Button kind="quiet" onPress={() => goTo('columns')}>
            Back
          </Button>
          <span className="spacer" />
          <Button kind="primary" isPending={isSaving} onPress={goOn}>
            Continue
          </Button>
        </>
      }
    >
      {failure === null ? null : <FailureNotice failure={failure} />}
      {bots.error === null ? null : <FailureNotice failure={bots.error.failure} />}
      {bots.data === undefined ? null : <OwnBots suggested={bots.data} />}
      {isNeeded ? (
        <>
          <RadioGroup
            label={labelOf(bots.data)}
            value={kind}
            onChange={setKind}
            options={[
              { value: 'bots', words: 'These bots', hint: 'What the identifiers left at other bots stays.' },
              {
                value: 'all bots',
                words: 'All bots of the account',
                danger: true,
                hint: 'Erases each identifier at every bot of the account, whichever team runs it. It cannot be undone; the plan asks for the count to be typed.',
              },
            ]}
          />
          {kind === 'bots' ? (
            <BotsField
              place={field}
              entry={entry}
              onChange={setEntry}
              known={bots.data?.known ?? []}
              error={tried ? (mistake ?? undefined) : undefined}
            />
          ) : (
            <Notice tone="warning" title="All bots means all of them">
              {`${countOf(bots.data?.withoutOwn ?? draft.total, 'identifier')} will be erased wherever ${draft.connectionName} reaches, at bots that are not known here too.`}
            </Notice>
          )}
        </>
      ) : null}
    </StepFrame>
  )
}

type Suggested = Value<'suggestBots'>

/** False where every identifier names its own bots. */
function needsScope({ withoutOwn, inFile }: Suggested): boolean {
  return withoutOwn > 0 || inFile.length === 0
}

function labelOf(suggested: Suggested | undefined): string {
  if (suggested === undefined || suggested.inFile.length === 0) return 'Erase from'
  return `The other ${countOf(suggested.withoutOwn, 'identifier')}: erase from`
}

function findScopeMistake({ text, botIds }: BotsEntry): string | null {
  if (text !== '') return 'Correct or remove the id that is not taken in.'
  if (botIds.length === 0) return 'Name at least one bot.'
  return botIds.length > mostBots ? `A request names at most ${mostBots} bots. Make another one for the rest.` : null
}
