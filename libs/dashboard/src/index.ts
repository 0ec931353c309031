/** A running master in the browser: what is pushed to the page, and the page. */
export { MAX_VIEWERS, MAX_WAITING_BYTES, PUSH_MS } from './feed/hub.ts'
export type * from './feed/push.ts'
export { MAX_ROWS_PER_PUSH } from './feed/viewer.ts'
export { serveDashboard } from './serve-dashboard.ts'
export type { Dashboard, DashboardInit } from './serve-dashboard.ts'
