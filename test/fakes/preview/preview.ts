/** The window in a plain browser with invented data: `npx vite test/fakes/preview`, then `?scenario=empty&theme=dark`. */
import './install.ts'
import '../../../src/renderer/src/main.tsx'
