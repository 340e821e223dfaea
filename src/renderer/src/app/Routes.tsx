import { Redirect, Route, Switch } from 'wouter'
import type { CaseId, ConnectionId, RequestId } from '../../../shared/model/ids.ts'
import { CasePage } from '../features/cases/CasePage.tsx'
import { CasesPage } from '../features/cases/CasesPage.tsx'
import { NewCasePage } from '../features/cases/NewCasePage.tsx'
import { EditConnectionPage, NewConnectionPage } from '../features/connections/ConnectionFormPage.tsx'
import { ConnectionPage } from '../features/connections/ConnectionPage.tsx'
import { ConnectionsPage } from '../features/connections/ConnectionsPage.tsx'
import { NewRequestPage } from '../features/new-request/NewRequestPage.tsx'
import { OverviewPage } from '../features/overview/OverviewPage.tsx'
import { RequestPage } from '../features/requests/RequestPage.tsx'
import { RequestsPage } from '../features/requests/RequestsPage.tsx'
import { SettingsPage } from '../features/settings/SettingsPage.tsx'
import { paths, readId } from '../paths.ts'

type WithId = { readonly id: string }

/** Every address of the window and its screen; an unknown one leads to the Overview. */
export function Routes() {
  return (
    <Switch>
      <Route path="/" component={OverviewPage} />
      <Route path="/requests">
        <RequestsPage initialFilter={null} />
      </Route>
      <Route path="/requests/waiting">
        <RequestsPage initialFilter="waiting" />
      </Route>
      <Route path="/requests/drafts">
        <RequestsPage initialFilter="drafts" />
      </Route>
      <Route path="/requests/:id">
        {({ id }: WithId) =>
          withId<RequestId>(id, (requestId) => <RequestPage key={id} requestId={requestId} opened={null} />)
        }
      </Route>
      <Route path="/requests/:id/retrievals">
        {({ id }: WithId) =>
          withId<RequestId>(id, (requestId) => <RequestPage key={id} requestId={requestId} opened="copies" />)
        }
      </Route>
      <Route path="/drafts/new">
        <NewRequestPage requestId={null} opened={null} />
      </Route>
      <Route path="/drafts/:id">
        {({ id }: WithId) =>
          withId<RequestId>(id, (requestId) => <NewRequestPage key={id} requestId={requestId} opened={null} />)
        }
      </Route>
      <Route path="/drafts/:id/retrievals">
        {({ id }: WithId) =>
          withId<RequestId>(id, (requestId) => <NewRequestPage key={id} requestId={requestId} opened="copies" />)
        }
      </Route>
      <Route path="/cases" component={CasesPage} />
      <Route path="/cases/new" component={NewCasePage} />
      <Route path="/cases/:id">
        {({ id }: WithId) => withId<CaseId>(id, (caseId) => <CasePage key={id} caseId={caseId} />)}
      </Route>
      <Route path="/connections" component={ConnectionsPage} />
      <Route path="/connections/new" component={NewConnectionPage} />
      <Route path="/connections/:id/edit">
        {({ id }: WithId) =>
          withId<ConnectionId>(id, (connectionId) => <EditConnectionPage key={id} connectionId={connectionId} />)
        }
      </Route>
      <Route path="/connections/:id">
        {({ id }: WithId) =>
          withId<ConnectionId>(id, (connectionId) => <ConnectionPage key={id} connectionId={connectionId} />)
        }
      </Route>
      <Route path="/settings" component={SettingsPage} />
      <Route>
        <Redirect to={paths.overview()} />
      </Route>
    </Switch>
  )
}

/** An address names rows by number; the brand is given here, the row is looked up by main. */
function withId<Id extends number>(text: string, show: (id: Id) => React.JSX.Element) {
  const id = readId(text)
  return id === null ? <Redirect to={paths.overview()} /> : show(id as Id)
}
