/** How soon the console's map shows what has changed, in a browser, over a large Region. */
import type { Page } from 'playwright-core'
import { type Ec2, ec2 } from '../../src/client/ec2-client.ts'
import { identityOf } from '../../src/client/sign.ts'
import { noBrowser, opened } from '../console/browser.ts'
import { ACCOUNT, statusOf } from '../server/bench.ts'
import { type Figure, median, percentile } from './measure.ts'
import { isthmus } from './server.ts'

const VPCS = 50
const INSTANCES_EACH = 20
const TIMES = 150
/** That do not count. */
const FIRST = 10
const SIZE = `${VPCS} VPCs, ${VPCS * INSTANCES_EACH} instances`
const LINUX = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'

/** From the API's answer to the changed page; nothing where there is no browser. */
export async function consoleFigures(): Promise<readonly Figure[]> {
  if (noBrowser) {
    console.error(`The console is left out: ${noBrowser}`)
    return []
  }
  const server = await isthmus('--sim')
  const client = ec2(`http://127.0.0.1:${server.port}`, { region: 'us-east-1', identity: identityOf(ACCOUNT) })
  const { vpcs, instances } = await large(client)
  const window = await opened(String((await statusOf(server.stateDir)).console))
  try {
    const { page } = window
    await page.locator(`[data-id="${vpcs[0]}"]`).waitFor()
    const folded = await renamed(page, client, vpcs)
    await openAll(page, vpcs)
    await page.locator(`[data-id="${instances.at(-1)}"]`).waitFor()
    return [
      figure('map after a change of a VPC', folded),
      figure('map after a change of an instance, all open', await renamed(page, client, instances)),
    ]
  } finally {
    await window.close()
    await server.stop()
  }
}

const figure = (what: string, all: readonly number[]): Figure => ({
  what,
  size: SIZE,
  median: median(all),
  p99: percentile(all, 0.99),
})

async function large(client: Ec2): Promise<{ vpcs: string[]; instances: string[] }> {
  const vpcs: string[] = []
  const instances: string[] = []
  for (let n = 0; n < VPCS; n++) {
    const { Vpc } = await client.call('CreateVpc', { CidrBlock: `10.${n}.0.0/16` })
    const VpcId = Vpc?.VpcId ?? ''
    const { Subnet } = await client.call('CreateSubnet', { VpcId, CidrBlock: `10.${n}.0.0/20` })
    const count = { MinCount: INSTANCES_EACH, MaxCount: INSTANCES_EACH }
    const { Instances = [] } = await client.call('RunInstances', {
      ImageId: LINUX,
      ...count,
      SubnetId: Subnet?.SubnetId ?? '',
    })
    vpcs.push(VpcId)
    instances.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []))
  }
  return { vpcs, instances }
}

/** Folds are opened as a person would, VPC by VPC and subnet by subnet. */
async function openAll(page: Page, vpcs: readonly string[]): Promise<void> {
  for (const sort of ['vpc', 'subnet']) {
    for (let i = 0; i < 2 * vpcs.length; i++) {
      const next = page.locator(`.box.${sort}[data-folded="true"]`).first()
      if ((await next.count()) === 0) break
      await next.focus()
      await page.keyboard.press('f')
    }
  }
}

/** Milliseconds from the answer to the call until the new name stands on the map. */
async function renamed(page: Page, client: Ec2, ids: readonly string[]): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < FIRST + TIMES; i++) {
    const id = ids[(i * 7) % ids.length] ?? ''
    const Value = `n${i}`
    const shown = page.evaluate(shownAt(id, Value)) as Promise<number>
    await client.call('CreateTags', { Resources: [id], Tags: [{ Key: 'Name', Value }] })
    const answered = performance.timeOrigin + performance.now()
    all.push(Math.max(0, (await shown) - answered))
  }
  return all.slice(FIRST)
}

/** The time at which the page's DOM has the name. */
const shownAt = (id: string, name: string): string => `new Promise((resolve) => {
  const title = () => document.querySelector('[data-id="${id}"] .title')?.textContent
  const look = () => title() === '${name}' && resolve(performance.timeOrigin + performance.now())
  // The change may have come before this was asked.
  look()
  new MutationObserver(look).observe(document.querySelector('.map'), { subtree: true, childList: true, characterData: true })
})`
