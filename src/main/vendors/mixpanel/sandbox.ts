import type { SandboxPart } from '../../core/ports.ts'

/** How the app connects to the simulated Mixpanel: a task can be cancelled for half a minute, long enough for a hand. */
export const mixpanelSandbox: SandboxPart = {
  clientId: (uuid) => uuid.replaceAll('-', ''),
  secretDays: 365,
  settings: { firstPollMilliseconds: 2_000, longestPollMilliseconds: 10_000 },
  simulator: ({ clientId, secret }) => ({
    mixpanel: {
      accounts: [{ oauthToken: secret, projects: [{ projectToken: clientId }] }],
      processing: { pendingMilliseconds: 10_000, stagingMilliseconds: 20_000, startedMilliseconds: 5_000 },
    },
  }),
}
