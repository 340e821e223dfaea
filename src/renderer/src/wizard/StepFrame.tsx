/** The frame of a wizard's step: a heading that takes the focus when the step opens, the content, and a footer. */
import { useEffect, useRef, type ReactNode } from 'react'
import './wizard.css'

/** `children` scroll, the footer stays. */
export function StepFrame(props: {
  readonly heading: string
  /** Buttons: back at the left, the way on at the right, put apart by `<span className="spacer" />`. */
  readonly footer: ReactNode
  readonly children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="wizard-step" aria-label={props.heading}>
      <div className="wizard-content">
        <h2 ref={heading} tabIndex={-1} className="wizard-heading">
          {props.heading}
        </h2>
        {props.children}
      </div>
      <footer className="wizard-footer">{props.footer}</footer>
    </section>
  )
}
