/** Which environment is on screen: a screen says so, and the shell paints the band. */
import { createContext, useContext, useEffect } from 'react'
import type { Environment } from '../../../shared/model/connection.ts'

export const EnvironmentContext = createContext<(environment: Environment | null) => void>(() => undefined)

/** Paints the band in this environment's colour while the calling screen is shown; null leaves it to the shell. */
export function useEnvironmentBand(environment: Environment | null | undefined): void {
  const paint = useContext(EnvironmentContext)
  useEffect(() => {
    paint(environment ?? null)
    return () => paint(null)
  }, [paint, environment])
}
