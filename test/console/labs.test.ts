/** A lab by mouse, beside the map: from the list to the report. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { INDEX } from '../lab/written.ts'
import { clientOf, running } from '../server/bench.ts'
import { shelfOf } from '../server/lab-page.ts'
import { hindrances } from './axe.ts'
import { noBrowser, opened } from './browser.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

const noAws = spawnSync('aws', ['--version']).status === 0 ? false : 'the AWS CLI is not installed'

/** What a person does in the panel, in the words that it has for it. */
function hand(page: Page) {
  const labs = page.locator('section.labs')
  const button = (name: string | RegExp) =>
    labs.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) })
  return {
    labs,
    press: (name: string | RegExp) => button(name).click(),
    said: (text: string | RegExp) => labs.getByText(text).first().waitFor(),
    check: (title: string | RegExp) => labs.locator('.check-line', { hasText: title }),
    /** A script of the lab runs: that takes longer than a page. */
    button: (name: string) => button(name).waitFor({ timeout: 60_000 }),
    async start(title: string) {
      await page.locator('.bar').getByRole('button', { name: 'Labs', exact: true }).click()
      await labs
        .getByRole('listitem')
        .filter({ hasText: title })
        .getByRole('button', { name: 'Start', exact: true })
        .click()
    },
  }
}

async function solve({ press, button }: ReturnType<typeof hand>, last = false): Promise<void> {
  await press('Solve this step')
  await press('Solve it')
  const next = last ? 'To the report' : 'Next step'
  await button(next)
  await press(next)
}

describe('labs in a browser', { skip: noBrowser || noAws }, () => {
  test('a person does the first step by a form, asks for a hint, has the rest solved, and reads the report', async (t) => {
    const server = await running(t)
    const { page, picture, faults, close } = await opened(server.console)
    t.after(close)
    const person = hand(page)
    const { labs, press, said, check, start } = person
    const accessible = async () => assert.deepEqual(await hindrances(page, '.labs'), [])
    await start('Build a VPC')
    await said('Point your shell at the server')
    await picture('labs-01-introduction')
    await press('Begin')
    await said('There is no VPC of 10.50.0.0/16.')
    await picture('labs-02-first-step')
    await accessible()

    await page.locator('.bar').getByRole('button', { name: 'Create VPC' }).click()
    const form = page.locator('.aside')
    await form.getByText('VPC only').click()
    await form.getByLabel('IPv4 CIDR block', { exact: true }).fill('10.50.0.0/16')
    await form.getByRole('button', { name: 'Create VPC', exact: true }).last().click()
    await said('The step is done.')
    assert.equal(await labs.locator('.check-line.passed').count(), 2)
    await picture('labs-03-done-by-itself')
    await labs.getByRole('link', { name: '10.50.0.0/16', exact: true }).first().hover()
    await page.locator('.map[data-lighting] .box.vpc[data-lit]').waitFor()
    await press('Next step')

    await said('Two subnets')
    await said('when you have pressed Check 2 times more')
    await press('Check')
    await said('when you have pressed Check once more')
    await press('Check')
    await press('Show a hint')
    await said('Hint 1')
    await said('wants the VPC, the block and the zone')
    await picture('labs-04-hint')
    await accessible()
    await press('Solve this step')
    await said('The server carries out the solution')
    await accessible()
    await press('Solve it')
    await said(/^\$ aws ec2 create-subnet --vpc-id vpc-/)
    await person.button('Next step')
    await check('The subnet 10.50.1.0/24 is there').locator('.sign', { hasText: '✓' }).waitFor()
    await picture('labs-05-solved')
    await accessible()
    await press('Next step')

    await solve(person)
    await solve(person)
    await solve(person, true)
    await said('A subnet is public for one reason only')
    await labs.getByLabel('What I did not expect').fill('That <b>nothing</b> says why.')
    await page.keyboard.press('Tab')
    await said('Kept.')
    await labs.locator('.preview').getByText('That <b>nothing</b> says why.').waitFor()
    await picture('labs-06-report')
    await accessible()
    const saved = page.waitForEvent('download')
    await press('report.md')
    const download = await saved
    assert.equal(download.suggestedFilename(), 'build-a-vpc-report.md')
    const report = readFileSync(await download.path(), 'utf8')
    assert.match(report, /^# Build a VPC\n[\s\S]*All steps are done: 15 of 15 points\./)
    assert.match(
      report,
      /\| 1\. An address block \| [^|]+ \| 0 \| 0 \| +\|\n\| 2\. Two subnets \| [^|]+ \| 2 \| 1 \| yes \|/,
    )
    assert.match(report, /## What I did not expect\n\nThat \\<b\\>nothing\\<\/b\\> says why\./)
    assert.deepEqual(faults, [])
  })

  test('what others do turns the checks green, on a phone as well, and another lab can be begun', async (t) => {
    const server = await running(t)
    const { page, picture, faults, close } = await opened(server.console, { width: 390, height: 800, dark: true })
    t.after(close)
    const { labs, press, said, start } = hand(page)
    const accessible = async () => assert.deepEqual(await hindrances(page, '.labs'), [])
    await start('Build a VPC')
    await press('Begin')
    await said('There is no VPC of 10.50.0.0/16.')
    await clientOf(server.endpoint).call('CreateVpc', { CidrBlock: '10.50.0.0/16' })
    await said('The step is done.')
    await picture('labs-07-phone')
    await accessible()
    const fits = async () => assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
    await fits()
    await press(/^Report/)
    await said('Not all steps are done. The report says so, too.')
    await labs.locator('.preview pre').first().waitFor()
    await fits()
    await accessible()
    await press('All labs')
    await said('1 of 5 steps done')
    await press('Back')
    await press(/^Step 1/)
    await press('Go back to this step')
    await press('Go back')
    await said('There is no VPC of 10.50.0.0/16.')
    await press('All labs')
    await said('0 of 5 steps done')
    await accessible()
    await press('Fold labs')
    await accessible()
    await press(/^Labs: step 1 of 5/)
    await labs.getByRole('listitem').filter({ hasText: 'Overlapping' }).getByRole('button', { name: 'Start' }).click()
    await press('Begin')
    await said('Step 1 of 2')
    await page.reload()
    await said('Overlapping')
    assert.deepEqual(faults, [])
  })

  test('a lab of a folder of one’s own is read as Markdown, and nothing in it is markup', async (t) => {
    const nasty = '<img src=x onerror="document.title=1"><b>bold</b>'
    const index = { ...INDEX, title: nasty, description: nasty, steps: [{ title: nasty, text: 'step1/text.md' }] }
    const text = [
      `A ${nasty} and [a trap](javascript:document.title=1), [a page](https://example.com/).`,
      '![x](x)\n\n<script>document.title=1</script>\n\n> said\n\n1. one\n2. **two**',
      '```\naws ec2 describe-vpcs\n```{{exec}}\n\n`$$vpc &lt;`{{copy}}',
    ]
    const labs = shelfOf(t, { nasty: { 'index.json': JSON.stringify(index), 'step1/text.md': text.join('\n\n') } })
    const server = await running(t, { labs })
    const { page, faults, close } = await opened(server.console)
    t.after(close)
    const { labs: panel, press, said, start } = hand(page)
    await start('bold')
    await press('Begin')
    await said(`A ${nasty} and a trap`)
    await said('There is no VPC of 10.20.0.0/16.')
    assert.deepEqual(await panel.locator('.prose a').allTextContents(), ['a page'])
    assert.deepEqual(await panel.locator('.command code').allTextContents(), ['aws ec2 describe-vpcs', '$$vpc &lt;'])
    assert.deepEqual(await panel.locator('.prose li').allTextContents(), ['one', 'two'])
    assert.equal(await panel.locator('img[src], b:text-is("bold"), script').count(), 0)
    assert.equal(await page.title(), 'Isthmus')
    assert.deepEqual(faults, [])
  })
})
