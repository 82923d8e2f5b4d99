/** A server with labs, and a page of its console. */
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openJournal } from '../../src/lab/course/journal.ts'
import type { DeskView } from '../../src/lab/course/view.ts'
import { written } from '../lab/written.ts'
import { ask, clientOf, folder, type Reply, running } from './bench.ts'

/** A step that asks for a VPC. */
export const CHECKS = `where:
  vpc: { vpc: { cidr: 10.20.0.0/16 } }
expectErrors:
  - { id: range, title: A block is too large, when: { event: { action: CreateVpc, error: InvalidVpc.Range } } }
checks:
  - { id: vpc, title: There is a VPC, exists: $vpc }
hints:
  - { after: { fails: 1 }, text: Make one. }
  - { after: { minutes: 60 }, text: Really. }`

/** Folders of labs that are gone after the test: name → what is written of each. */
export function shelfOf(t: TestContext, labs: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const shelf = folder(t)
  for (const [name, files] of Object.entries(labs))
    cpSync(written(t, files['step1/checks.yaml'] ?? CHECKS, files), join(shelf, name), { recursive: true })
  return shelf
}

/** A server with labs, and a page that has its token. */
export async function opened(t: Parameters<typeof running>[0], labs?: string) {
  const server = await running(t, labs === undefined ? {} : { labs })
  const token = new URLSearchParams(new URL(server.console).hash.slice(1)).get('token') ?? ''
  const own = { origin: server.endpoint, 'sec-fetch-site': 'same-origin', 'x-isthmus-token': token }
  const get = (path: string) => ask({ url: server.endpoint }, 'GET', `/_isthmus/labs${path}`, { headers: own })
  const post = (path: string, body: unknown = {}): Promise<Reply> =>
    ask({ url: server.endpoint }, 'POST', `/_isthmus/labs/${path}`, { headers: own, body })
  const view = async () => (await get('/course')).body as unknown as DeskView
  return { ...server, own, get, post, view, client: clientOf(server.endpoint) }
}
export type Site = Awaited<ReturnType<typeof opened>>

/** Waits until what a page sees is so. */
export async function until(site: Site, is: (view: DeskView) => boolean): Promise<DeskView> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const view = await site.view()
    if (is(view)) return view
    if (Date.now() > deadline) assert.fail(`not so within 30 seconds: ${JSON.stringify(view)}`)
    await sleep(50)
  }
}

export async function started(site: Site, slug: string): Promise<DeskView> {
  assert.equal((await site.post('start', { slug })).status, 200)
  return until(site, ({ course, doing }) => course?.slug === slug && doing === undefined)
}

const entriesOf = (site: Site, slug: string) => openJournal(site.stateDir, slug)?.entries() ?? []
export const kindsOf = (site: Site, slug: string, kind: string) =>
  entriesOf(site, slug).filter((one) => one.kind === kind)
export const isIdle = ({ doing }: DeskView): boolean => doing === undefined
