/** Nobody is kept out: axe finds nothing serious in any card or form, light or dark, wide or narrow. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { grantQuotas } from '../../src/ec2/quotas.ts'
import { clientOf, running } from '../server/bench.ts'
import { hindrances } from './axe.ts'
import { noBrowser, opened } from './browser.ts'
import { type Ids, oneOfEverything } from './estate-of-all.ts'

grantQuotas({ rulesPerSecurityGroup: 200 })
before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

/** In two of them everything is opened that can be; in the others what one sees first. */
const LOOKS = [
  { name: 'light', width: 1280, height: 720, dark: false, all: true },
  { name: 'dark', width: 1280, height: 720, dark: true, all: false },
  { name: 'light on a phone', width: 390, height: 844, dark: false, all: false },
  { name: 'dark on a phone', width: 390, height: 844, dark: true, all: true },
]
const FORMS = ['Create VPC', 'Peering', 'Launch instance', 'Elastic IPs', 'Packet’s way', 'Activity']
/** Of the cards that the map opens; groups and ACLs are opened from the VPC's. */
const ON_THE_MAP = [
  'vpc',
  'longVpc',
  'subnet',
  'table',
  'internet gateway',
  'NAT gateway',
  'peering',
  'pending',
  'instance',
]

/** A Region with everything, its empty neighbour, and a page over it. */
async function exhibition(t: TestContext, look: (typeof LOOKS)[number]) {
  const server = await running(t)
  const ids = await oneOfEverything(clientOf(server.endpoint))
  const window = await opened(server.console, look)
  t.after(() => window.close())
  await window.page.locator(`[data-id="${ids.vpc}"]`).waitFor()
  return { ...window, ids }
}

const panel = (page: Page) => page.locator('.aside')

interface Look {
  readonly page: Page
  readonly found: string[]
  /** Whether everything is opened that can be. */
  readonly all: boolean
  picture(name: string): Promise<void>
}

/** Wider than what it stands in. */
const TOO_WIDE = `(() => {
  const panel = document.querySelector('.aside')
  return document.documentElement.scrollWidth > innerWidth || panel.scrollWidth > panel.clientWidth
})()`

/** What `name` shows: as it opens, and each thing that can be opened in it. */
async function looked({ page, found, all, picture }: Look, name: string): Promise<void> {
  const note = async (state: string | null) => {
    for (const line of await hindrances(page, '.aside')) found.push(`${name}, ${state}: ${line}`)
    if (await page.evaluate(TOO_WIDE)) found.push(`${name}, ${state}: something is wider than its window`)
  }
  await panel(page).waitFor()
  await note('as it opens')
  await picture(name.replaceAll(' ', '-'))
  const within = '.doings [aria-expanded], .adding [aria-expanded], td.buttons [aria-expanded]'
  // Of a list's rows one is like the other.
  const buttons = all ? (await panel(page).locator(within).all()).slice(0, 12) : []
  for (const button of buttons) {
    await button.click()
    await note(await button.textContent())
  }
  await page.keyboard.press('Escape')
  await panel(page).waitFor({ state: 'detached' })
}

async function fromVpc(page: Page, ids: Ids, id: string): Promise<void> {
  await onMap(page, ids.vpc ?? '')
  await panel(page).locator('button.link', { hasText: id }).first().click()
}

async function onMap(page: Page, id: string): Promise<void> {
  await page.locator(`.box[data-id="${id}"]`).first().focus()
  await page.keyboard.press('Enter')
}

describe('everybody can use the console', { skip: noBrowser }, () => {
  for (const look of LOOKS)
    test(`axe finds nothing serious: ${look.name}`, async (t) => {
      const { page, ids, picture } = await exhibition(t, look)
      const shot = (name: string) => picture(`axe-${look.name.replaceAll(' ', '-')}-${name}`)
      const found = (await hindrances(page)).map((line) => `the map: ${line}`)
      const at: Look = { page, found, all: look.all, picture: shot }
      await shot('map')
      for (const form of FORMS) {
        await page.locator('.bar').getByRole('button', { name: form }).click()
        await looked(at, form)
      }
      for (const card of ON_THE_MAP) {
        await onMap(page, ids[card] ?? '')
        await looked(at, card)
      }
      await fromVpc(page, ids, 'web')
      await looked(at, 'group')
      await fromVpc(page, ids, ids.acl ?? '')
      await looked(at, 'acl')
      assert.deepEqual(found, [])
    })
})
