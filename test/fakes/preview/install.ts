/** Puts the fake bridge where the preload puts the real one. Imported before the window's own code. */
import '../../../src/renderer/src/jitless.ts'
import { createFakeBridge } from '../bridge.ts'
import type { Scenario } from '../world.ts'

const query = new URLSearchParams(location.search)
const { bridge, push, world } = createFakeBridge({
  scenario: (query.get('scenario') ?? 'full') as Scenario,
  latency: Number(query.get('latency') ?? 20),
})
const theme = query.get('theme')
if (theme === 'light' || theme === 'dark') world.appearance = { ...world.appearance, theme }
Object.assign(window, { erasureDesk: bridge, pushChange: push, inventedWorld: world })
