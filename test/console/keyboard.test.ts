/** The keyboard is enough: VPCs, a peering and its routes, with nothing but keys, and one always sees where one is. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { clientOf, running } from '../server/bench.ts'
import { noBrowser, opened } from './browser.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

/** What has the focus: its name, and whether one sees that. */
interface Focus {
  readonly name: string
  readonly isSeen: boolean
}

const WHERE = `(() => {
  const element = document.activeElement
  const label = element.labels?.[0] ?? element.closest('label')
  const name = (element.getAttribute('aria-label') || label?.textContent || element.textContent || '').trim()
  const shown = element.matches('input[type=radio]') ? element.nextElementSibling : element.querySelector('.body') ?? element
  const style = getComputedStyle(shown)
  const place = shown.getBoundingClientRect()
  const isWithin = place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth
  const isMarked = style.outlineStyle !== 'none' || parseFloat(style.strokeWidth) >= 3 || element.matches('aside')
  return { name, isSeen: isWithin && isMarked }
})()`
const SEEN = `(() => {
  const { top, bottom } = document.querySelector('.refusal').getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
})()`
const focusOf = (page: Page): Promise<Focus> => page.evaluate(WHERE)

/** Waits until what has the focus is called so. */
async function focused(page: Page, name: RegExp): Promise<void> {
  const end = performance.now() + 10_000
  for (;;) {
    const focus = await focusOf(page)
    if (name.test(focus.name)) return
    assert.ok(performance.now() < end, `${focus.name} has the focus, and not ${name}`)
  }
}

const MOST = 120

/** Goes on by Tab to what has this name. */
async function to(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < MOST; i++) {
    await page.keyboard.press('Tab')
    const focus = await focusOf(page)
    const isThere = typeof name === 'string' ? focus.name === name : name.test(focus.name)
    if (isThere) {
      assert.ok(focus.isSeen, `one does not see that ${focus.name} has the focus`)
      return
    }
  }
  assert.fail(`Tab does not lead to ${name}`)
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await to(page, name)
  await page.keyboard.press('Enter')
}

async function type(page: Page, name: string, text: string): Promise<void> {
  await to(page, name)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** A choice by its first letters, as in any list. */
async function choose(page: Page, name: RegExp, letters: string): Promise<void> {
  await to(page, name)
  await page.keyboard.type(letters)
}

describe('the keyboard alone', { skip: noBrowser }, () => {
  test('makes two VPCs, peers them, accepts, and gives both their routes', async (t) => {
    const server = await running(t)
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page } = window
    await page.locator('.connection.live').waitFor()
    for (const n of [1, 2]) {
      await press(page, 'Create VPC')
      await page.locator('.aside h2', { hasText: 'Create VPC' }).waitFor()
      await type(page, 'Name tag auto-generation', `NextWork-${n}`)
      await type(page, 'IPv4 CIDR block', `10.${n}.0.0/16`)
      await page.keyboard.press('Enter')
      await page.locator('.aside h2', { hasText: `NextWork-${n}-vpc` }).waitFor()
      await page.keyboard.press('Escape')
      await page.locator('.aside').waitFor({ state: 'detached' })
      await focused(page, /^Create VPC$/)
    }
    await press(page, 'Peering')
    await page.locator('.aside h2', { hasText: 'Create peering' }).waitFor()
    await choose(page, /^VPC ID \(Requester\)/, 'NextWork-1')
    await choose(page, /^VPC ID \(Accepter\)/, 'NextWork-2')
    await press(page, 'Create peering connection')
    await page.locator('.chip', { hasText: 'pending-acceptance' }).waitFor()
    await press(page, 'Accept request')
    // Below the button a form opens whose own button, which has the same name, gets the focus.
    await page.locator('.doing :focus').waitFor()
    await focused(page, /^Accept request$/)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Modify route tables' }).waitFor()
    await press(page, 'Modify route tables')
    await page.getByText('Every table that a subnet uses leads to the other side.').waitFor()
    assert.ok(await page.evaluate(`document.querySelector('.aside').contains(document.activeElement)`))
    const { RouteTables = [] } = await clientOf(server.endpoint).call('DescribeRouteTables', {})
    const routes = RouteTables.flatMap(({ Routes = [] }) => Routes)
    assert.equal(
      routes.filter(({ VpcPeeringConnectionId, State }) => VpcPeeringConnectionId && State === 'active').length,
      2,
    )
  })

  test('what is refused is said aloud, and the form keeps the focus', async (t) => {
    const server = await running(t)
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page } = window
    await press(page, 'Create VPC')
    await page.locator('.aside h2').waitFor()
    await type(page, 'Name tag auto-generation', 'wide')
    await type(page, 'IPv4 CIDR block', '10.0.0.0/8')
    await page.keyboard.press('Enter')
    const refusal = page.locator('[role=alert] .refusal', { hasText: 'InvalidVpc.Range' })
    await refusal.waitFor()
    const end = performance.now() + 10_000
    while (!(await page.evaluate(SEEN))) assert.ok(performance.now() < end, 'what is refused is out of sight')
    await focused(page, /^IPv4 CIDR block$/)
  })

  test('a row of a table is edited and left again by keys', async (t) => {
    const server = await running(t)
    const client = clientOf(server.endpoint)
    const { Vpc } = await client.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page } = window
    await page.locator(`.box[data-id="${Vpc?.VpcId}"]`).focus()
    await page.keyboard.press('Enter')
    await page.locator('.aside h2').waitFor()
    await press(page, 'default')
    await page.locator('.noun', { hasText: 'Security group' }).waitFor()
    await press(page, /^Edit rule All traffic 0\.0\.0\.0/)
    await page.locator('.below').waitFor()
    await focused(page, /^Type/)
    await type(page, 'Description - optional', 'out')
    await press(page, 'Cancel')
    await focused(page, /^Edit rule All traffic/)
  })
})
