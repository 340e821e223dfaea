import { useId, type ReactNode } from 'react'
import type { AppStatus } from '../../../../shared/contract.ts'
import { useAction, useChannel } from '../../api.ts'
import { Button, Facts, FailureNotice, RadioGroup, ScreenHeader } from '../../ui/index.ts'
import './settings.css'

const zooms = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const

/** The zoom step after or before `zoom`, within 80 to 200 %. */
export function zoomStep(zoom: number, direction: 1 | -1): number {
  const next =
    direction === 1 ? zooms.find((step) => step > zoom + 0.001) : zooms.findLast((step) => step < zoom - 0.001)
  return next ?? zoom
}

/** Appearance, where the history lies and what guards it, and what this is. */
export function SettingsPage() {
  const appearance = useChannel('getAppearance', {})
  const status = useChannel('getAppStatus', {})
  const save = useAction('setAppearance')
  // What was chosen last counts at once, so that a second choice right after it does not undo the first.
  const chosen = save.failure === null ? save.variables : undefined
  const now =
    appearance.data === undefined
      ? undefined
      : { theme: chosen?.theme ?? appearance.data.theme, zoom: chosen?.zoom ?? appearance.data.zoom }
  const failure = save.failure ?? appearance.error?.failure ?? status.error?.failure
  return (
    <>
      <ScreenHeader title="Settings" />
      <div className="settings">
        {failure === undefined ? null : <FailureNotice failure={failure} />}
        {now === undefined ? null : (
          <Section title="Appearance">
            <RadioGroup
              label="Theme"
              value={now.theme}
              onChange={(theme) => save.mutate({ ...now, theme })}
              options={[
                { value: 'system', words: 'Follow the system' },
                { value: 'light', words: 'Light' },
                { value: 'dark', words: 'Dark' },
              ]}
            />
            <div className="field" role="group" aria-label="Zoom">
              <span className="strong">Zoom</span>
              <div className="zoom">
                <Button
                  aria-label="Smaller"
                  isDisabled={now.zoom <= 0.8}
                  onPress={() => save.mutate({ ...now, zoom: zoomStep(now.zoom, -1) })}
                >
                  −
                </Button>
                <output className="zoom-value">{Math.round(now.zoom * 100)} %</output>
                <Button
                  aria-label="Larger"
                  isDisabled={now.zoom >= 2}
                  onPress={() => save.mutate({ ...now, zoom: zoomStep(now.zoom, 1) })}
                >
                  +
                </Button>
                {now.zoom === 1 ? null : (
                  <Button kind="quiet" onPress={() => save.mutate({ ...now, zoom: 1 })}>
                    Reset
                  </Button>
                )}
              </div>
            </div>
          </Section>
        )}
        {status.data === undefined ? null : (
          <>
            <Section title="History and keychain">
              <Facts facts={historyFacts(status.data)} />
            </Section>
            <Section title="About">
              <Facts
                facts={[
                  ['Erasure Desk', `version ${status.data.version}`],
                  ['Electron', status.data.electron],
                ]}
              />
            </Section>
          </>
        )}
      </div>
    </>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section className="settings-section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

function historyFacts({ history, keychain, sender, sandbox }: AppStatus) {
  return [
    [
      'History',
      history.kind === 'encrypted'
        ? 'on this machine, encrypted; only the keychain holds its key'
        : 'in memory alone; it is gone when the window closes',
    ],
    [
      'Keychain',
      keychain.usable ? 'answers; secrets and the key are in it' : (keychain.failure?.message ?? 'does not answer'),
    ],
    ['Sending', sender.sends ? 'this window sends' : (sender.reason ?? 'another window sends')],
    ['Sandbox', sandbox.running ? `runs at ${sandbox.origin ?? 'this machine'}` : 'does not run'],
  ] as const
}
