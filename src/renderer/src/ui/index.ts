/**
 * The house's components. Features import from here alone; each part says in its own file what it promises.
 * Sheets: tokens.css (values), base.css (elements), ui.css (these parts); `features/<name>/<name>.css` for the rest.
 */
export { AccountBudget } from './account-budget.tsx'
export { Button, IconButton } from './button.tsx'
export { Dialog } from './dialog.tsx'
export { EnvironmentContext, riskiestEnvironment, useEnvironmentBand } from './environment.ts'
export { Checkbox, RadioGroup, Switch } from './choices.tsx'
export type { Option } from './field-parts.tsx'
export { NumberField, SearchField, Select, TextField } from './fields.tsx'
export * from './format.ts'
export { HoldNotice, isHeld } from './hold.tsx'
export { EmptyState, FailureNotice, Notice } from './notice.tsx'
export { useNow } from './now.ts'
export { Chip, Disclosure, FilterChip, Gauge, Progress, ScreenHeader, Tabs } from './parts.tsx'
export { remember, useRemembered } from './remember.ts'
export { listShortcuts, useShortcuts } from './shortcuts.ts'
export { describeCounts, NeutralLabel, StateBar, StateBarFilter, StateIcon, StateLabel, StateLegend } from './state.tsx'
export { isMoving, movingStates, stateLooks } from './states.ts'
export { DataTable } from './table.tsx'
export { rowsOf, type Column, type SortMark } from './table-model.ts'
export { announce, dismissToast, showToast, useTold } from './toast.ts'
export { confirmsCount, readTypedCount } from './typed-count.ts'
export { writeVisible } from './visible.ts'
export {
  CallBlock,
  copyText,
  Duration,
  EnvironmentChip,
  Facts,
  Identifier,
  NumberText,
  Time,
  VisibleText,
} from './words.tsx'
