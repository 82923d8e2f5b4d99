/** What goes on, in the page: calls as they are made, a ping that dies and arrives, packets as a table, counters. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { execute } from '../../src/client/exec.ts'
import { caughtUp, clientOf, running } from '../server/bench.ts'
import { launchedInstance } from '../server/instance.ts'
import { hindrances } from './axe.ts'
import { noBrowser, opened } from './browser.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

const named = (resource: string, Value: string) => ({ Resources: [resource], Tags: [{ Key: 'Name', Value }] })

/** Two instances in one subnet; the group of the second lets nothing in. */
async function pair(ec2: Ec2) {
  const a = await launchedInstance(ec2)
  const { VpcId = '', SubnetId = '' } =
    (await ec2.call('DescribeInstances', { InstanceIds: [a.id] })).Reservations?.[0]?.Instances?.[0] ?? {}
  const group = { VpcId, GroupName: 'closed', Description: 'nothing comes in' }
  const { GroupId = '' } = await ec2.call('CreateSecurityGroup', group)
  const [{ ImageId } = {}] = (await ec2.call('DescribeImages', { Owners: ['amazon'] })).Images ?? []
  const launch = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, SubnetId }
  const made = await ec2.call('RunInstances', { ...launch, SecurityGroupIds: [GroupId] })
  const b = made.Instances?.[0]?.InstanceId ?? ''
  await ec2.call('CreateTags', named(a.id, 'Instance 1'))
  await ec2.call('CreateTags', named(b, 'Instance 2'))
  return { a: a.id, b, GroupId, VpcId }
}

const PING_IN = {
  IpPermissions: [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
}

describe('what goes on, in a browser', { skip: noBrowser }, () => {
  test('each call is listed as it is made, with who called, what it changed, or why it was refused', async (t) => {
    const server = await running(t)
    const ec2 = clientOf(server.endpoint)
    const { Vpc } = await ec2.call('CreateVpc', { CidrBlock: '10.8.0.0/16' })
    const id = Vpc?.VpcId ?? ''
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page, picture } = window
    await page.getByRole('button', { name: 'Activity' }).click()
    const calls = page.locator('.activity .call')
    await calls.filter({ hasText: 'CreateVpc' }).filter({ hasText: 'isthmus' }).first().waitFor()

    await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/8' }).catch(() => {})
    const refused = calls.first().filter({ hasText: 'InvalidVpc.Range' })
    await refused.getByText('10.0.0.0/8').waitFor()
    await ec2.call('CreateTags', named(id, 'eight'))
    await calls.first().filter({ hasText: 'CreateTags' }).getByText(`eight (${id})`).hover()
    await page.locator('.box.vpc[data-lit]').waitFor()
    await picture('20-activity')
    assert.deepEqual(await hindrances(page), [])

    await page.getByLabel('Errors only').check()
    assert.equal(await calls.count(), 1)
    await page.getByLabel('Errors only').uncheck()
    await page.getByLabel('Filter').fill('createvpc isthmus')
    assert.equal(await calls.count(), 2)
    await page.getByLabel('Filter').fill('no such call')
    await page.getByText('No call is like that.').waitFor()
    await page.getByLabel('Filter').fill(id)
    await calls
      .first()
      .getByRole('button', { name: `eight (${id})` })
      .click()
    await page.locator('.aside', { hasText: 'VPC ID' }).waitFor()
    assert.deepEqual(window.faults, [])
  })

  test('a running ping dies at the group that drops it, and arrives once the fix is applied', async (t) => {
    const server = await running(t)
    const ec2 = clientOf(server.endpoint)
    const { a, b, GroupId } = await pair(ec2)
    await caughtUp(server.stateDir)
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page, picture } = window
    const panel = page.locator('.aside')
    await page.getByRole('button', { name: 'Packet’s way' }).click()
    await panel.getByLabel('From').locator(`option[value="${a}"]`).waitFor({ state: 'attached' })
    await panel.getByLabel('From').selectOption(a)
    await panel.getByLabel('To').selectOption(b)
    await panel.locator('.verdict.unreachable').waitFor()
    await panel.getByRole('button', { name: /^Ping 10\.42\.1\./ }).click()
    await panel.locator('.pinged .lost', { hasText: 'no answer: stopped at group closed' }).first().waitFor()
    assert.equal(await page.locator('.dot').count(), 0, 'nothing moves where the system asks for that')

    await page.getByRole('switch', { name: 'Animation', checked: false }).click()
    await page.locator('.dot.there').waitFor()
    await page.locator('.dot.dead').waitFor()
    await picture('21-ping-dies')
    assert.deepEqual(await hindrances(page), [])
    await ec2.call('AuthorizeSecurityGroupIngress', { GroupId, ...PING_IN })
    await panel.locator('.pinged li:not(.lost)', { hasText: 'answered after' }).first().waitFor()
    await panel.locator('.verdict.reachable').waitFor()
    await page.locator('.dot.back').waitFor()
    await picture('22-ping-arrives')
    await panel.getByRole('button', { name: 'Stop' }).click()
    await page.locator('.dot').first().waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('switch', { name: 'Animation', checked: true }).waitFor()
    assert.deepEqual(window.faults, [])
  })

  test('a ping that runs in a terminal is followed, lost and answered', async (t) => {
    const server = await running(t)
    const ec2 = clientOf(server.endpoint)
    const { a, b, GroupId } = await pair(ec2)
    await caughtUp(server.stateDir)
    const window = await opened(server.console)
    t.after(() => window.close())
    const panel = window.page.locator('.aside')
    await window.page.getByRole('button', { name: 'Packet’s way' }).click()
    await panel.getByLabel('From').locator(`option[value="${a}"]`).waitFor({ state: 'attached' })
    await panel.getByLabel('From').selectOption(a)
    await panel.getByLabel('To').selectOption(b)
    await panel.getByRole('button', { name: 'Follow pings' }).click()
    await panel.getByText('No packet as yet').waitFor()
    const made = await ec2.call('DescribeInstances', { InstanceIds: [b] })
    const address = made.Reservations?.[0]?.Instances?.[0]?.PrivateIpAddress ?? ''
    const terminal = await execute(server.stateDir, a, ['ping', address])
    t.after(() => terminal.kill('SIGKILL'))
    await panel.locator('.pinged .lost', { hasText: 'stopped at group closed' }).first().waitFor()
    await ec2.call('AuthorizeSecurityGroupIngress', { GroupId, ...PING_IN })
    await panel.locator('.pinged li:not(.lost)', { hasText: 'answered after' }).first().waitFor()
    assert.deepEqual(window.faults, [])
  })

  test('a capture goes on while a ping is sent, tells what drops it, and is a file; the group counts it', async (t) => {
    const server = await running(t)
    const ec2 = clientOf(server.endpoint)
    const { a, b, GroupId } = await pair(ec2)
    await caughtUp(server.stateDir)
    const window = await opened(server.console)
    t.after(() => window.close())
    const { page, picture } = window
    const panel = page.locator('.aside')
    await page.locator(`.box[data-id="${b}"]`).click()
    await panel.getByRole('button', { name: 'Capture packets' }).click()
    await panel.getByText('No packet has passed yet').waitFor()
    await page.getByRole('button', { name: 'Packet’s way' }).click()
    await panel.getByLabel('From').selectOption(a)
    await panel.getByLabel('To').selectOption(b)
    await panel.getByRole('button', { name: /^Ping / }).click()
    await page.getByRole('button', { name: /^Capturing: [1-9]/ }).click()
    const dropped = panel.locator('.packets .dropped').first()
    await dropped.getByText('echo request').waitFor()
    const verdict = panel
      .locator('.packets .why')
      .first()
      .getByRole('button', { name: `dropped: ${GroupId} ingress` })
    await verdict.waitFor()
    await panel.getByRole('button', { name: 'Stop' }).click()
    await picture('23-capture')
    assert.deepEqual(await hindrances(page), [])
    const saved = page.waitForEvent('download')
    await panel.getByRole('button', { name: 'Download pcapng' }).click()
    const file = readFileSync(await (await saved).path())
    assert.equal(file.readUInt32LE(0), 0x0a0d0d0a)
    assert.ok(file.includes(`dropped: ${GroupId}`))
    await verdict.click()
    await panel.getByText(/\d+ dropped, as no rule lets them pass/).waitFor()

    await ec2.call('AuthorizeSecurityGroupIngress', { GroupId, ...PING_IN })
    await page.getByRole('button', { name: 'Packet’s way' }).click()
    await panel.getByRole('button', { name: /^Ping / }).click()
    await panel.locator('.pinged li', { hasText: 'answered' }).first().waitFor()
    await page.getByRole('button', { name: 'Activity' }).click()
    await panel
      .getByRole('button', { name: `closed (${GroupId})` })
      .or(panel.getByRole('button', { name: GroupId }))
      .first()
      .click()
    await panel.getByText(/^1 passed$/).waitFor()
    await picture('24-counted')
    assert.deepEqual(await hindrances(page), [])
    assert.deepEqual(window.faults, [])
  })
})
