import { useCallback, useState } from 'react'
import { useLocation } from 'wouter'
import type { Environment } from '../../../shared/model/connection.ts'
import { useChannel } from '../api.ts'
import { paths } from '../paths.ts'
import { EnvironmentContext, riskiestEnvironment, useShortcuts } from '../ui/index.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Navigation } from './Navigation.tsx'
import { Routes } from './Routes.tsx'
import { ShortcutHelp } from './ShortcutHelp.tsx'
import { StandingNotices } from './StandingNotices.tsx'
import { Told } from './Told.tsx'

/** The frame around every screen: the environment band, the navigation, what concerns the whole window. */
export function Shell() {
  const [location, navigate] = useLocation()
  const [painted, paint] = useState<Environment | null>(null)
  const [help, setHelp] = useState(false)
  const connections = useChannel('listConnections', {})
  const band = painted ?? riskiestEnvironment(connections.data ?? [])
  const go = useCallback((to: string) => () => navigate(to), [navigate])
  useShortcuts([
    { keys: 'N', words: 'New request', run: go(paths.newRequest()) },
    { keys: 'C', words: 'New case', run: go(paths.newCase()) },
    { keys: 'G O', words: 'Go to Overview', run: go(paths.overview()) },
    { keys: 'G R', words: 'Go to Requests', run: go(paths.requests()) },
    { keys: 'G A', words: 'Go to Cases', run: go(paths.cases()) },
    { keys: 'G W', words: 'Go to what waits for you', run: go(paths.waiting()) },
    { keys: 'G C', words: 'Go to Connections', run: go(paths.connections()) },
    { keys: 'G S', words: 'Go to Settings', run: go(paths.settings()) },
    { keys: '?', words: 'Show the shortcuts', run: () => setHelp(true) },
  ])
  return (
    <EnvironmentContext value={paint}>
      <div className={band === null ? 'band' : `band env-${band}`} data-environment={band ?? 'none'} />
      <div className="shell">
        <Navigation location={location} onHelp={() => setHelp(true)} />
        <main id="content">
          <StandingNotices />
          <ErrorBoundary key={location} scope="screen">
            <Routes />
          </ErrorBoundary>
        </main>
        <Told />
      </div>
      <ShortcutHelp isOpen={help} onClose={() => setHelp(false)} />
    </EnvironmentContext>
  )
}
