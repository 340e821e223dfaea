import type { SandboxPart } from '../../core/ports.ts'

/** How the app connects to the simulated Kore.ai. */
export const koreSandbox: SandboxPart = {
  clientId: (uuid) => `cs-${uuid}`,
  secretDays: null,
  settings: { quietMilliseconds: 20_000, firstPollMilliseconds: 2_000, longestPollMilliseconds: 10_000 },
  simulator: ({ clientId, secret }) => ({ apps: [{ clientId, clientSecret: secret }] }),
}
