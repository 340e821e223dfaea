import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

/**
 * A dialog over the window: title, content, and at the foot its buttons, the safe one first. Escape closes it unless
 * `busy`. Focus goes to the first field, never to a dangerous button: put those last.
 */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  footer,
  busy = false,
  size = 'normal',
  alert = false,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  readonly footer: ReactNode
  readonly busy?: boolean
  readonly size?: 'normal' | 'wide'
  /** True where it asks about something that cannot be undone. */
  readonly alert?: boolean
}) {
  return (
    <ModalOverlay
      className="scrim"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open && !busy) onClose()
      }}
      isDismissable={!alert && !busy}
      isKeyboardDismissDisabled={busy}
    >
      <Modal className={`modal ${size}`}>
        <AriaDialog className="dialog" role={alert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" className="dialog-title">
            {title}
          </Heading>
          <div className="dialog-content">{children}</div>
          <div className="dialog-footer">{footer}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
