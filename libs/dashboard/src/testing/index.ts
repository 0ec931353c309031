/** For tests that look at the page in a real browser. */
export { findChromium, NO_CHROMIUM, openBrowser, openPage } from './chromium.ts'
export type { Watched } from './chromium.ts'
