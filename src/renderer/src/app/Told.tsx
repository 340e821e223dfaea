import { X } from 'lucide-react'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { Button, dismissToast, IconButton, useTold } from '../ui/index.ts'

const shownMilliseconds = 8000

/** Where toasts appear, and where a screen reader hears them and every other announcement. */
export function Told() {
  const { toast, announcement } = useTold()
  useEffect(() => {
    if (toast === null || toast.action !== undefined) return
    const timer = window.setTimeout(() => dismissToast(toast.id), shownMilliseconds)
    return () => window.clearTimeout(timer)
  }, [toast])
  const [location] = useLocation()
  useEffect(() => {
    if (toast !== null && toast.place !== location) dismissToast(toast.id)
  }, [toast, location])
  return (
    <>
      <div className="hidden-visually" role="status" aria-live="polite">
        {announcement}
      </div>
      {toast === null ? null : (
        <section className="toast-place" aria-label="Message">
          <div className="toast">
            <span>{toast.words}</span>
            {toast.action === undefined ? null : (
              <Button
                size="small"
                onPress={() => {
                  toast.action?.run()
                  dismissToast(toast.id)
                }}
              >
                {toast.action.words}
              </Button>
            )}
            <IconButton label="Dismiss" icon={X} onPress={() => dismissToast(toast.id)} />
          </div>
        </section>
      )}
    </>
  )
}
