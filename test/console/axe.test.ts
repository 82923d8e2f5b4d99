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

const LOOKS = [
  { name: 'light', width: 1280, height: 720, dark: false },
  { name: 'dark', width: 1280, height: 720, dark: true },
  { name: 'light on a phone', width: 390, height: 844, dark: false },
  { name: 'dark on a phone', width: 390, height: 844, dark: true },
]
const FORMS = ['Create VPC', 'Peering', 'Launch instance', 'Elastic IPs', 'Packet’s way']
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

/** What `name` shows: as it opens, and each thing that can be opened in it. */
async function looked(page: Page, name: string, found: string[], picture: (name: string) => Promise<void>) {
  const note = async (state: string) => {
    for (const line of await hindrances(page, '.aside')) found.push(`${name}, ${state}: ${line}`)
    const hidden = await page.evaluate(
      `document.documentElement.scrollWidth > innerWidth || document.querySelector('.aside').scrollWidth > document.querySelector('.aside').clientWidth`,
    )
    if (hidden) found.push(`${name}, ${state}: something is wider than its window`)
  }
  await panel(page).waitFor()
  await note('as it opens')
  await picture(name.replaceAll(' ', '-'))
  for (const button of await panel(page).locator('.doings [aria-expanded]').all()) {
    await button.click()
    await note(`open: ${await button.textContent()}`)
  }
  for (const button of await panel(page)
    .locator('.adding [aria-expanded=false], td.buttons [aria-expanded=false]')
    .all()) {
    if (!(await button.isVisible())) continue
    await button.click()
    await note(`open: ${(await button.getAttribute('aria-label')) ?? ''}`)
    if (name === 'group') break
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
      await shot('map')
      for (const form of FORMS) {
        await page.locator('.bar').getByRole('button', { name: form }).click()
        await looked(page, form, found, shot)
      }
      for (const card of ON_THE_MAP) {
        await onMap(page, ids[card] ?? '')
        await looked(page, card, found, shot)
      }
      await fromVpc(page, ids, 'web')
      await looked(page, 'group', found, shot)
      await fromVpc(page, ids, ids.acl ?? '')
      await looked(page, 'acl', found, shot)
      assert.deepEqual(found, [])
    })
})
