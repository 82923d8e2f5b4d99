/** The peering lab by mouse: from an empty Region to a packet that arrives, and the clean-up. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { clientOf, folder, running } from '../server/bench.ts'
import { noBrowser, opened } from './browser.ts'
import { type Hand, hand } from './hand.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

async function makeVpc({ open, type, press, said }: Hand, n: number): Promise<void> {
  await open('Create VPC')
  await type('Name tag auto-generation', `NextWork-${n}`)
  await type('IPv4 CIDR block', `10.${n}.0.0/16`)
  await said('AWS CLI, 9 commands')
  await press('Create VPC')
  await said(/^vpc-/)
}

async function addRoute({ box, type, choose, press }: Hand, table: string, to: string): Promise<void> {
  await box(table).click()
  await type('Destination', to)
  await choose('Target', /peering connection/)
  await press('Add route')
}

async function launch({ open, type, choose, press, said }: Hand, n: number): Promise<void> {
  await open('Launch instance')
  await type('Name', `Instance ${n}`)
  await choose('Subnet', new RegExp(`NextWork-${n}-subnet`))
  await press('Launch instance')
  await said('running')
}

describe('the console in a browser', { skip: noBrowser }, () => {
  test('a person builds the peering lab, learns why the ping is silent, mends it, and cleans up', async (t) => {
    const server = await running(t)
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page, picture, faults } = window
    const person = hand(window)
    const { box, press, open, type, choose, said, panel, confirm } = person
    await page.getByText('No networks of your own yet').waitFor()
    assert.ok(!page.url().includes('token'), 'the token leaves the address')
    await picture('01-empty')

    await open('Create VPC')
    await type('Name tag auto-generation', 'NextWork-1')
    await picture('02-create-vpc')
    await makeVpc(person, 1)
    await makeVpc(person, 2)
    await box('NextWork-2-rtb-public').waitFor()
    await picture('03-two-vpcs')

    await open('Peering')
    await type('Name', 'VPC 1 <> VPC 2')
    await choose('VPC ID (Requester)', /NextWork-1/)
    await choose('VPC ID (Accepter)', /NextWork-2/)
    await press('Create peering connection')
    await said('pending-acceptance')
    await picture('04-pending')
    await press('Accept request')
    await panel.locator('form').getByRole('button', { name: 'Accept request' }).click()
    await said('active')
    await picture('05-active')

    await addRoute(person, 'NextWork-1-rtb-public', '10.1.0.0/16')
    await said(
      "The destination CIDR block 10.1.0.0/16 is equal to or more specific than one of this VPC's CIDR blocks. " +
        'This route can target only an interface or an instance.',
    )
    await picture('06-refused-route')
    await addRoute(person, 'NextWork-1-rtb-public', '10.2.0.0/16')
    await panel.locator('td', { hasText: '10.2.0.0/16' }).waitFor()

    await launch(person, 1)
    await launch(person, 2)
    await picture('07-launched')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'SVG' }).click()
    const file = readFileSync(await (await saved).path(), 'utf8')
    assert.match(file, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    for (const part of ['NextWork-1-subnet-public1-us-east-1a', 'Instance 2', '.map .subnet.public'])
      assert.ok(file.includes(part))
    const painted = page.waitForEvent('download')
    await page.getByRole('button', { name: 'PNG' }).click()
    assert.equal(
      readFileSync(await (await painted).path())
        .subarray(1, 4)
        .toString(),
      'PNG',
    )

    await open('Packet’s way')
    await choose('From', /Instance 1/)
    await choose('To', /Instance 2/)
    await panel.locator('.verdict.unreachable').waitFor()
    assert.ok((await panel.locator('.blocker').count()) >= 2, 'the missing route back, and the group')
    await picture('08-packet-blocked')
    await press('Apply this fix')
    await panel.locator('.verdict.reachable').waitFor()
    await picture('09-packet-arrives')

    await page.locator('.box.peering').first().click()
    await press('Delete peering connection')
    await confirm()
    await panel.locator('form').getByRole('button', { name: 'Delete peering connection' }).click()
    await said(/^delet/)
    await box('NextWork-1-vpc').click({ position: { x: 40, y: 16 } })
    await press('Delete VPC')
    await confirm()
    await panel.locator('form').getByRole('button', { name: 'Delete VPC' }).click()
    await said('DependencyViolation')
    await picture('10-refused-delete')
    assert.deepEqual(faults, [])
  })

  test('what others do appears without a reload, and names are never markup', async (t) => {
    const server = await running(t)
    const window = await opened(server.console, { dark: true })
    t.after(() => window.close())
    await window.page.locator('.connection.live').waitFor()
    const Value = '<img src=x onerror="document.title=1"><b>bold</b>'
    await clientOf(server.endpoint).call('CreateVpc', {
      CidrBlock: '10.9.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value }] }],
    })
    const { box, panel } = hand(window)
    await box('<img src=x').click({ position: { x: 40, y: 16 } })
    await panel.getByText(Value, { exact: true }).first().waitFor()
    assert.equal(await window.page.locator('#app img, #app b').count(), 0)
    assert.equal(await window.page.title(), 'Isthmus')
    await window.picture('11-markup-dark')
    assert.deepEqual(window.faults, [])
  })

  test('a call whose answer the browser loses is made again, and carried out once', async (t) => {
    const server = await running(t)
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page } = window
    const { open, type, press, said } = hand(window)
    let lost = 0
    await page.route(`${server.endpoint}/`, async (route) => {
      const isFirst = /Action=CreateVpc&/.test(route.request().postData() ?? '') && lost++ === 0
      if (!isFirst) return route.continue()
      await route.fetch()
      return route.abort('connectionreset')
    })
    await open('Create VPC')
    await type('Name tag auto-generation', 'once')
    await type('IPv4 CIDR block', '10.7.0.0/16')
    await press('Create VPC')
    await said(/^vpc-/)
    assert.equal(lost, 2)
    const { Vpcs = [] } = await clientOf(server.endpoint).call('DescribeVpcs', {})
    assert.equal(Vpcs.filter(({ CidrBlock }) => CidrBlock === '10.7.0.0/16').length, 1)
  })

  test('without its token a page says what it needs, and shows nothing', async (t) => {
    const server = await running(t)
    const window = await opened(`${server.endpoint}/console/`)
    t.after(() => window.close())
    await window.page.getByText('This page needs the address with the token').waitFor()
    assert.equal(await window.page.locator('.map').count(), 0)
  })

  test('a server that verifies signatures asks for keys, and takes those it knows', async (t) => {
    const authFile = join(folder(t), 'credentials')
    writeFileSync(authFile, '[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret/+1\n')
    const server = await running(t, { authFile })
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page } = window
    await page.getByLabel('Access key ID').fill('AKIAEXAMPLE')
    await page.getByLabel('Secret access key').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Secret access key').fill('secret/+1')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.box.vpc').first().waitFor()
  })

  test('the keyboard is enough: a card opens by Enter, a subnet folds by F, Escape closes', async (t) => {
    const server = await running(t)
    await clientOf(server.endpoint).call('CreateVpc', { CidrBlock: '10.9.0.0/16' })
    const window = await opened(server.console)
    t.after(() => window.close())
    const frame = window.page.locator('.box.vpc', { hasText: '10.9.0.0/16' })
    await frame.focus()
    await window.page.keyboard.press('f')
    await window.page.locator('.box.vpc[data-folded=true]', { hasText: '10.9.0.0/16' }).waitFor()
    await frame.focus()
    await window.page.keyboard.press('Enter')
    await window.page.locator('.aside', { hasText: 'VPC ID' }).waitFor()
    await window.page.keyboard.press('Escape')
    await window.page.locator('.aside').waitFor({ state: 'detached' })
  })
})
