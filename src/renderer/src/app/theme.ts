import { useEffect } from 'react'
import { useChannel } from '../api.ts'

/** Paints the theme the operator chose, or follows the system while it is left to it. */
export function useTheme(): void {
  const { data } = useChannel('getAppearance', {})
  const theme = data?.theme ?? 'system'
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    const paint = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    }
    paint()
    dark.addEventListener('change', paint)
    return () => dark.removeEventListener('change', paint)
  }, [theme])
}
