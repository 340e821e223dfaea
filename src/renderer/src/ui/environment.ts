/** Which environment is on screen: a screen says so, and the shell paints the band. */
import { createContext, useContext, useEffect } from 'react'
import type { Connection, Environment } from '../../../shared/model/connection.ts'

export const EnvironmentContext = createContext<(environment: Environment | null) => void>(() => undefined)

/** Paints the band in this environment's colour while the calling screen is shown; null leaves it to the shell. */
export function useEnvironmentBand(environment: Environment | null | undefined): void {
  const paint = useContext(EnvironmentContext)
  useEffect(() => {
    paint(environment ?? null)
    return () => paint(null)
  }, [paint, environment])
}

/** Where a screen shows several connections the band is that of the one that can do the most harm. */
export function riskiestEnvironment(connections: readonly Pick<Connection, 'environment'>[]): Environment | null {
  const order: readonly Environment[] = ['production', 'staging', 'sandbox']
  return order.find((environment) => connections.some((connection) => connection.environment === environment)) ?? null
}
