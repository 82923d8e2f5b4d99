/** Connecting to an instance by mouse, on the Linux engine: refused, timed out, mended, and then real shells. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Locator } from 'playwright-core'
import { execute } from '../../src/client/exec.ts'
import { noKernel } from '../kernel.ts'
import { ask, caughtUp, clientOf, folder, running, served, statusOf } from '../server/bench.ts'
import { launchedInstance } from '../server/instance.ts'
import { gateway, publicAddress, reached } from '../server/reached.ts'
import { hindrances } from './axe.ts'
import { noBrowser, type Opened, opened } from './browser.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

const NO_ADDRESS = [
  'The instance does not have a public IPv4 address',
  'To connect using the EC2 Instance Connect browser-based client, the instance must have a public IPv4 address.',
]
const TIMEOUT = [
  'Failed to connect to your instance',
  'EC2 Instance Connect is unable to connect to your instance. Ensure your instance network settings are configured ' +
    'correctly for EC2 Instance Connect. For more information, see Set up EC2 Instance Connect at ' +
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-set-up.html.',
]

/** What a person does with terminals. */
function hand({ page }: Opened) {
  const panel = page.locator('.aside')
  return {
    panel,
    panes: page.locator('.pane'),
    async open(instance: string) {
      await page.locator('.map-frame .box', { hasText: instance }).first().click()
      await panel.getByRole('button', { name: 'Connect', exact: true }).click()
      await panel.getByRole('heading', { name: 'Connect to instance' }).waitFor()
    },
    tab: (name: string) => panel.getByText(name, { exact: true }).click(),
    connect: () => panel.getByRole('button', { name: 'Connect', exact: true }).click(),
    /** Types a line into the terminal that has the focus. */
    async line(text: string) {
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    },
  }
}

async function refusalIn(place: Locator): Promise<string[]> {
  await place.locator('.refusal').waitFor()
  return place.locator('.refusal > *').allTextContents()
}
/** Resolves once it is so; the test's own limit ends a wait in vain. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise(setImmediate)
}
const shows = (pane: Locator, text: string | RegExp) => pane.locator('.xterm-rows', { hasText: text }).waitFor()

describe('connecting in a browser', { skip: noBrowser || noKernel, timeout: 180_000 }, () => {
  test('is refused, then times out, is mended by a fix, and is a real shell; several stand side by side', async (t) => {
    const stateDir = folder(t)
    const server = await served(t, stateDir, { sim: false, loginTimeout: 1500 })
    try {
      const ec2 = clientOf(server.endpoint)
      const [one, two] = [await launchedInstance(ec2, '10.1.0.0/16'), await launchedInstance(ec2, '10.2.0.0/16')]
      for (const [id, name] of [[one.id, 'Instance 1'] as const, [two.id, 'Instance 2'] as const])
        await ec2.call('CreateTags', { Resources: [id], Tags: [{ Key: 'Name', Value: name }] })
      await gateway(ec2, one)
      await caughtUp(stateDir)
      const window = await opened(String((await statusOf(stateDir)).console))
      t.after(() => window.close())
      const { page, picture, faults } = window
      const { panel, panes, open, tab, connect, line } = hand(window)

      await open('Instance 1')
      assert.deepEqual(await refusalIn(panel), NO_ADDRESS, 'before anybody has connected')
      await connect()
      assert.deepEqual(await refusalIn(panes.first()), NO_ADDRESS)
      await picture('connect-1-no-address')

      const address = await publicAddress(ec2, one)
      await panel.getByText('18.206.107.24/29').first().waitFor()
      await panes.getByRole('button', { name: 'Connect again' }).click()
      await panes.locator('.elapsed').waitFor()
      await picture('connect-2-connecting')
      await panes.locator('.refusal', { hasText: 'Failed' }).waitFor()
      assert.deepEqual(await refusalIn(panes.first()), TIMEOUT)
      await panes.locator('.blocker', { hasText: /security group/ }).waitFor()
      await panes.getByText('FromPort=22,ToPort=22,IpRanges=[{CidrIp=18.206.107.24/29}]', { exact: false }).waitFor()
      await picture('connect-3-timeout')
      for (const part of ['.aside', '.dock']) assert.deepEqual(await hindrances(page, part), [])

      await panes.getByRole('button', { name: 'Apply this fix' }).click()
      await panes.locator('.verdict.reachable').waitFor()
      await panes.getByRole('button', { name: 'Connect again' }).click()
      const host = `ip-${one.address.replaceAll('.', '-')}`
      await shows(panes.first(), `[ec2-user@${host} ~]$`)
      await line('hostname; printf "\\033[38;2;160;40;0mcolour\\033[0m\\n"; echo end""ed')
      await shows(panes.first(), 'ended')
      const lines = await panes.first().locator('.xterm-rows > div').allTextContents()
      assert.ok(lines.some((text) => text.trim() === host))
      assert.equal(await panes.first().locator('.of').textContent(), `ec2-user@${address}`)
      const colour = await page.evaluate(`
        getComputedStyle([...document.querySelectorAll('.xterm-rows span')].find((e) => e.textContent === 'colour')).color`)
      assert.equal(colour, 'rgb(160, 40, 0)')
      await picture('connect-4-shell')

      await open('Instance 2')
      await tab('Serial console')
      await connect()
      const serial = panes.nth(1)
      await shows(serial, `[ec2-user@ip-${two.address.replaceAll('.', '-')} ~]$`)
      await line('id -un; tput cols')
      await shows(serial, 'ec2-user')
      const [left, right] = [await panes.nth(0).boundingBox(), await serial.boundingBox()]
      assert.ok(left && right && left.y === right.y && left.x + left.width <= right.x, 'side by side')
      await page.getByRole('separator', { name: 'Width of the terminals' }).press('ArrowLeft')
      await until(async () => ((await panes.nth(0).boundingBox())?.width ?? 0) < left.width)
      await panes.nth(0).locator('.xterm').click()
      await line('echo still $((40 + 3))')
      await shows(panes.nth(0), 'still 43')
      await picture('connect-5-side-by-side')

      await line('exit')
      await panes.nth(0).getByText('The session has ended.').waitFor()
      await page.getByRole('button', { name: 'Close: Serial console of Instance 2' }).click()
      assert.equal(await panes.count(), 1)
      await until(() => isLeft(stateDir, two.id))
      assert.deepEqual(faults, [])
    } finally {
      await ask({ stateDir }, 'POST', '/stop', { body: { purge: true } })
    }
  })
})

/** Whether no process of ec2-user runs in the instance. */
async function isLeft(stateDir: string, id: string): Promise<boolean> {
  const running = await execute(stateDir, id, ['pgrep', '-u', 'ec2-user'])
  return (await running.exit).code === 1
}

describe('terminals on the page', { skip: noBrowser, timeout: 120_000 }, () => {
  test('stay while one looks elsewhere, are left by the key that they name, resized and folded', async (t) => {
    const server = await running(t)
    const ec2 = clientOf(server.endpoint)
    const instance = await launchedInstance(ec2)
    await reached(ec2, instance)
    await ec2.call('CreateTags', { Resources: [instance.id], Tags: [{ Key: 'Name', Value: '<b>web</b>' }] })
    const window = await opened(server.console, { dark: true })
    t.after(() => window.close())
    const { page, faults, picture } = window
    const { panel, panes, open, connect, line } = hand(window)
    await open('<b>web</b>')
    await connect()
    await shows(panes.first(), '~]$')
    await line('echo se""en')
    await shows(panes.first(), 'seen')

    await page.keyboard.press('Escape')
    assert.equal(await panel.count(), 1, 'a key of the terminal is none of the page’s')
    const [leave = ''] = /\w+(?= leads out)/.exec((await panes.first().getAttribute('aria-label')) ?? '') ?? []
    await page.keyboard.press(leave)
    assert.equal(await page.evaluate('document.activeElement.className'), 'pane')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await shows(panes.first(), 'seen')

    const rows = () => page.locator('.xterm-rows > div').count()
    const before = await rows()
    await page.getByRole('separator', { name: 'Height of the terminals' }).press('ArrowUp')
    await page.locator('.xterm-rows > div').nth(before).waitFor({ state: 'attached' })
    const bar = page.getByRole('separator', { name: 'Height of the terminals' })
    const from = await bar.boundingBox()
    await page.mouse.move(300, (from?.y ?? 0) + 3)
    await page.mouse.down()
    await page.mouse.move(300, (from?.y ?? 0) - 77)
    await page.mouse.up()
    await until(async () => Math.round(((await bar.boundingBox())?.y ?? 0) - (from?.y ?? 0)) === -80)
    await page.getByRole('button', { name: 'Fold the terminals' }).click()
    await panes.first().waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Show the terminals' }).click()
    await page.getByLabel('Screen reader').check()
    await page.locator('.xterm-accessibility').first().waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Dark or light' }).click()
    await until(async () => {
      const of = (name: string) => page.evaluate(`getComputedStyle(document.querySelector('${name}')).backgroundColor`)
      return (await of('.xterm-scrollable-element')) === (await of('.dock'))
    })
    await picture('connect-6-light')
    assert.deepEqual(await hindrances(page, '.dock'), [])
    await page.setViewportSize({ width: 390, height: 800 })
    await until(async () => ((await page.locator('.dock').boundingBox())?.width ?? 0) === 390)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
    await picture('connect-7-phone')
    assert.equal(await page.locator('.dock b').count(), 0)
    await page.getByRole('button', { name: /^Close: Terminal of/ }).press('Enter')
    await panes.first().waitFor({ state: 'detached' })
    assert.equal(await page.evaluate('document.activeElement.getAttribute("class")'), 'map')
    assert.deepEqual(faults, [])
  })
})
