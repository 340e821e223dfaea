/** The window in a plain browser with invented data: `npx vite test/fakes/preview`, then `?scenario=empty&theme=dark`. */
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
await import('../../../src/renderer/src/main.tsx')
