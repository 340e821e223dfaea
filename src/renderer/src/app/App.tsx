import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { RouterProvider } from 'react-aria-components'
import { Router, useLocation } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { createQueryClient, useChanges } from '../api.ts'
import { VendorsProvider } from '../vendors.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Shell } from './Shell.tsx'
import { useTheme } from './theme.ts'

/** The whole window: its cache of answers, its addresses, its frame. */
export function App() {
  const [client] = useState(createQueryClient)
  return (
    <ErrorBoundary scope="window">
      <QueryClientProvider client={client}>
        {/* The router takes the hook that knows the address as a value; it calls it as a hook. */}
        {/* oxlint-disable-next-line react/hooks */}
        <Router hook={useHashLocation}>
          <Window />
        </Router>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}

function Window() {
  const [, navigate] = useLocation()
  useChanges()
  useTheme()
  return (
    <RouterProvider navigate={(to) => navigate(to)}>
      <VendorsProvider>
        <Shell />
      </VendorsProvider>
    </RouterProvider>
  )
}
