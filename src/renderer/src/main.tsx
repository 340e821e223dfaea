import './jitless.ts'
import './empty-html.ts'
import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './ui/tokens.css'
import './ui/base.css'
import './ui/ui.css'
import './app/app.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no place for the window')
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
