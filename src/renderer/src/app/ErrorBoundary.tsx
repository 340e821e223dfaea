import { Component, type ReactNode } from 'react'
import { Button, Notice } from '../ui/index.ts'

type Properties = { readonly scope: 'window' | 'screen'; readonly children: ReactNode }
type State = { readonly broken: boolean }

/** Keeps a fault of one screen from taking the window with it. React asks for a class here. */
export class ErrorBoundary extends Component<Properties, State> {
  override state: State = { broken: false }

  static getDerivedStateFromError(): State {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    const what = this.props.scope === 'window' ? 'The window' : 'This screen'
    return (
      <div className="broken">
        <Notice
          tone="failure"
          title={`${what} stopped working.`}
          actions={<Button onPress={() => this.setState({ broken: false })}>Show it again</Button>}
        >
          Nothing was sent or lost by it: sending and the history do not depend on what is shown. If it happens again,
          close and open the app.
        </Notice>
      </div>
    )
  }
}
