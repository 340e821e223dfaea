/** The sandbox that one click starts: a connection to every vendor that it plays, and the same ones at the next start. */
import { expect, test } from './support/test.ts'

test('one click makes a tested connection to each vendor, and the next start keeps them', async ({ launchApp }) => {
  const first = await launchApp()
  await first.untilSender()
  await first.page.getByRole('button', { name: 'Start the sandbox' }).click()
  await expect(first.page.getByText('Sandbox Mixpanel')).toBeVisible()
  await first.page.getByRole('navigation').getByRole('link', { name: 'Connections' }).click()
  const table = first.page.getByRole('table', { name: 'Connections' })
  for (const name of ['Sandbox Kore.ai', 'Sandbox Mixpanel']) {
    await table.getByRole('link', { name }).click()
    await first.page.getByRole('button', { name: /^Test connection/ }).click()
    await expect(first.page.getByRole('heading', { name: 'Credentials accepted' })).toBeVisible()
    await first.page.getByRole('navigation').getByRole('link', { name: 'Connections' }).click()
  }
  const connections = await first.call('listConnections', {})
  expect(connections).toMatchObject([
    { vendor: 'kore', environment: 'sandbox', isSandbox: true, settings: { secretExpiresOn: null } },
    { vendor: 'mixpanel', environment: 'sandbox', isSandbox: true, settings: { identifiersPerCall: 500 } },
  ])
  const [, mixpanel] = connections
  if (mixpanel === undefined) throw new Error('There is no connection to Mixpanel.')
  await table.getByRole('link', { name: 'Sandbox Mixpanel' }).click()
  await expect(first.page.getByText(/, in 36[345] days/)).toBeVisible()
  await first.quit()

  const second = await launchApp({ userData: first.userData })
  await second.untilSender()
  await second.call('startSandbox', {})
  const again = await second.call('listConnections', {})
  expect(again.map(({ id, name, clientId }) => ({ id, name, clientId }))).toEqual(
    connections.map(({ id, name, clientId }) => ({ id, name, clientId })),
  )
  expect(await second.call('testConnection', { connectionId: mixpanel.id })).toMatchObject({ verdict: 'accepted' })
})
