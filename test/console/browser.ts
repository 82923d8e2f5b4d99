/** A browser of this machine, and the console opened in it. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const path = known.find((file) => existsSync(file))

/** False, or why tests in a browser are skipped. With ISTHMUS_REQUIRE_BROWSER they are not skipped: they fail. */
export const noBrowser: string | false =
  path || process.env.ISTHMUS_REQUIRE_BROWSER
    ? false
    : 'A browser is needed: install chromium (Debian: apt-get install chromium).'

/** Where pictures of the steps are kept; nowhere unless a folder is named. */
const pictures = process.env.ISTHMUS_SCREENSHOTS

/**
 * A refused call is an answer like any other, which the browser also writes down. It drops its connections when a link
 * of the machine comes or goes, and the page makes them anew.
 */
const EXPECTED = /status of 4\d\d|net::ERR_NETWORK_CHANGED|net::ERR_INCOMPLETE_CHUNKED_ENCODING/

export interface Opened {
  readonly page: Page
  /** What went wrong in the page: errors, and refusals by its policy. */
  readonly faults: readonly string[]
  picture(name: string): Promise<void>
  close(): Promise<void>
}

export async function opened(
  url: string,
  look: { width?: number; height?: number; dark?: boolean } = {},
): Promise<Opened> {
  const { width = 1280, height = 720, dark = false } = look
  if (!path) throw new Error(`no browser at ${known.join(', ')}`)
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (line) => {
    if (line.type() === 'error' && !EXPECTED.test(line.text())) faults.push(line.text())
  })
  page.setDefaultTimeout(10_000)
  await page.goto(url)
  return {
    page,
    faults,
    async picture(name) {
      if (!pictures) return
      mkdirSync(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `${name}.png`) })
    },
    close: () => browser.close(),
  }
}
