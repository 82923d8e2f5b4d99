/** The founding lab, whole, by mouse and keyboard on the Linux engine: from an empty state to the report. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { noKernel } from '../kernel.ts'
import { ask, folder, served, statusOf } from '../server/bench.ts'
import { noBrowser, type Opened, opened } from './browser.ts'
import { hand } from './hand.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

/** What EC2 and its console say four times on the way (peering-lab: 3, 5, 6, 8). */
const ERRORS = {
  ownBlock:
    "The destination CIDR block 10.1.0.0/16 is equal to or more specific than one of this VPC's CIDR blocks. " +
    'This route can target only an interface or an instance.',
  noAddress: 'The instance does not have a public IPv4 address',
  timeout: 'Failed to connect to your instance',
  inUse: 'DependencyViolation',
}

/** A learner with the lab beside the map. */
function learner(window: Opened) {
  const person = hand(window)
  const { page } = window
  const labs = page.locator('section.labs')
  const { panel, open, type, press, choose, said, box, confirm } = person
  const submit = (name: string) => panel.locator('form').getByRole('button', { name, exact: true }).last().click()
  const next = (name: string) => labs.getByRole('button', { name, exact: true }).click()
  return {
    ...person,
    labs,
    next,
    /** The lab sees by itself that the step is done. */
    async done(title: string) {
      await labs.getByText('The step is done.').waitFor()
      await next('Next step')
      await labs.getByRole('heading', { name: title }).waitFor()
    },
    async makeVpc(n: number) {
      await open('Create VPC')
      await type('Name tag auto-generation', `NextWork-${n}`)
      await type('IPv4 CIDR block', `10.${n}.0.0/16`)
      await press('Create VPC')
      await said(/^vpc-/)
    },
    async addRoute(table: string, to: string) {
      await box(table).click()
      await type('Destination', to)
      await choose('Target', /VPC 1 <> VPC 2/)
      await press('Add route')
    },
    async launch(n: number) {
      await open('Launch instance')
      await type('Name', `Instance ${n}`)
      await choose('Subnet', new RegExp(`NextWork-${n}-subnet`))
      await press('Launch instance')
      await said('running')
    },
    async allow(n: number, type: RegExp, source: string) {
      await box(`Instance ${n}`).click()
      await panel.getByRole('button', { name: /^default/ }).click()
      await panel.getByRole('button', { name: 'Add inbound rule' }).click()
      await choose('Type', type)
      await person.type('Source', source)
      await submit('Add rule')
      await panel.locator('tr', { hasText: source }).waitFor()
    },
    async doing(words: string, isForGood = false) {
      await press(words)
      if (isForGood) await confirm()
      await submit(words)
    },
    submit,
    vpc: (n: number) => box(`NextWork-${n}-vpc`).click({ position: { x: 40, y: 16 } }),
  }
}

describe('the founding lab in a browser', { skip: noBrowser || noKernel, timeout: 300_000 }, () => {
  test('is done by mouse and keyboard, terminal included, from an empty state to the report', async (t) => {
    const stateDir = folder(t)
    await served(t, stateDir, { sim: false, loginTimeout: 1500 })
    let shown: Opened['picture'] | undefined
    try {
      const window = await opened(String((await statusOf(stateDir)).console))
      t.after(() => window.close())
      const { page, picture, faults } = window
      shown = picture
      page.setDefaultTimeout(30_000)
      const person = learner(window)
      const { labs, next, done, open, type, choose, press, said, panel, box, submit, doing } = person
      const pane = page.locator('.pane')
      const screen = pane.locator('.xterm-rows')

      await open('Labs')
      await labs.getByRole('listitem').filter({ hasText: 'VPC peering' }).getByRole('button', { name: 'Start' }).click()
      await next('Begin')
      await picture('lab-00-begin')
      await person.makeVpc(1)
      await person.makeVpc(2)
      await picture('lab-01-two-vpcs')
      await done('A peering connection')

      await open('Peering')
      await type('Name', 'VPC 1 <> VPC 2')
      await choose('VPC ID (Requester)', /NextWork-1/)
      await choose('VPC ID (Accepter)', /NextWork-2/)
      await press('Create peering connection')
      await said('pending-acceptance')
      await picture('lab-02-pending')
      await doing('Accept request')
      await said('active')
      await done('Routes on both sides')

      await person.addRoute('NextWork-1-rtb-public', '10.1.0.0/16')
      await said(ERRORS.ownBlock)
      await labs.getByText("You met: A route to the VPC's own block is refused").waitFor()
      await picture('lab-03-refused-route')
      await person.addRoute('NextWork-1-rtb-public', '10.2.0.0/16')
      await panel.locator('td', { hasText: '10.2.0.0/16' }).waitFor()
      await person.addRoute('NextWork-2-rtb-public', '10.1.0.0/16')
      await done('An instance in each VPC')

      await person.launch(1)
      await person.launch(2)
      await picture('lab-04-instances')
      await done('A public address')

      await box('Instance 1').click()
      await press('Connect')
      await press('Connect')
      await pane.locator('.refusal', { hasText: ERRORS.noAddress }).waitFor()
      await picture('lab-05-no-public-address')
      await open('Elastic IPs')
      await press('Allocate Elastic IP address')
      await choose('Instance', /Instance 1/)
      await press('Associate')
      await said('Associated with Instance 1')
      await done('A door for SSH')

      await pane.getByRole('button', { name: 'Connect again' }).click()
      await pane.locator('.refusal', { hasText: ERRORS.timeout }).waitFor()
      await picture('lab-06-timeout')
      await person.allow(1, /^SSH$/, '18.206.107.24/29')
      await pane.getByRole('button', { name: 'Connect again' }).click()
      await screen.filter({ hasText: /\[ec2-user@ip-10-1-[\d-]+ ~\]\$/ }).waitFor()
      await done('The ping')

      const there = (await box('Instance 2').textContent())?.match(/10\.2\.\d+\.\d+/)?.[0] ?? ''
      await pane.locator('.xterm').click()
      await page.keyboard.type(`ping -i 0.5 ${there}`)
      await page.keyboard.press('Enter')
      await screen.filter({ hasText: `PING ${there} (${there}) 56(84) bytes of data.` }).waitFor()
      await labs.getByText('You met: The security group of instance 2 drops the ping').waitFor()
      assert.ok(!/bytes from|nreachable/.test((await screen.textContent()) ?? ''), 'silence')
      await picture('lab-07-silence')
      await person.allow(2, /All ICMP - IPv4/, '10.1.0.0/16')
      await screen.filter({ hasText: `64 bytes from ${there}: icmp_seq=` }).waitFor()
      const first = Number(/icmp_seq=(\d+) ttl=127/.exec((await screen.textContent()) ?? '')?.[1])
      assert.ok(first > 1, 'the same ping that was silent, and no hop is seen')
      await picture('lab-08-answered')
      await pane.locator('.xterm').click()
      await page.keyboard.press('Control+c')
      await screen.filter({ hasText: 'packets transmitted' }).waitFor()
      await done('Clean up')

      await person.vpc(1)
      await doing('Delete VPC', true)
      await said(ERRORS.inUse)
      await picture('lab-09-refused-delete')
      for (const n of [1, 2]) {
        await box(`Instance ${n}`).click()
        await doing('Terminate')
        await said('terminated')
      }
      await open('Elastic IPs')
      // Nobody's any more: the instance is gone.
      await panel.getByRole('button', { name: 'Associate', exact: true }).waitFor()
      await submit('Release')
      await said('None yet.')
      await page.locator('.box.peering').first().click()
      await doing('Delete peering connection', true)
      await said(/^deleted/)
      for (const n of [1, 2]) {
        await person.vpc(n)
        await doing('Delete VPC', true)
        await box(`NextWork-${n}-vpc`).waitFor({ state: 'detached' })
      }
      await labs.getByRole('button', { name: 'To the report' }).waitFor()
      await picture('lab-10-nothing-left')
      await next('To the report')
      await labs.getByLabel('What I did not expect').fill('That silence was a rule at work.')
      await page.keyboard.press('Tab')
      await labs.getByText('Kept.').waitFor()
      await picture('lab-11-report')
      const saved = page.waitForEvent('download')
      await next('report.md')
      const report = readFileSync(await (await saved).path(), 'utf8')
      for (const text of [
        /All steps are done/,
        /That silence was a rule at work\./,
        new RegExp(`icmp_seq=${first}`),
        /The instance does not have a public IPv4 address/,
        /Failed to connect to your instance/,
        /equal to or more specific than one of this VPC's CIDR blocks/,
        /has dependencies and cannot be deleted/,
      ])
        assert.match(report, text)
      assert.deepEqual(faults, [])
    } catch (error) {
      await shown?.('lab-failed')
      throw error
    } finally {
      await ask({ stateDir }, 'POST', '/stop', { body: { purge: true } })
    }
  })
})
