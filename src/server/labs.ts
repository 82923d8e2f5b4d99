/** Labs for the pages of the console: which there are, and the one that is being done. */
import type { RouteAnswer, Routes } from '../protocol/http.ts'
import type { WireRequest } from '../protocol/service.ts'
import { isRead, type Journal } from './journal.ts'
import type { Desk } from './labs/desk.ts'

export interface LabsOptions {
  readonly stateDir: string
  /** A folder of labs beside those that come with Isthmus. */
  readonly folder: string | undefined
  /** Pages have something new to read of the lab. */
  changed(): void
  log(line: string): void
}

export interface Labs {
  readonly routes: Routes
  /** The records have changed. */
  stir(): void
  /** The journal, heard as it is written: a refusal changes nothing, and labs want to know of it. */
  heard(journal: Journal): Journal
  close(): void
}

/** Answers the body, nothing where there is none; false where there is no lab of the name. Throws Failure. */
type Work = (desk: Desk, asked: Readonly<Record<string, unknown>>) => unknown

/** Long work is only begun here: pages are told how it goes. */
const WORK: Readonly<Record<string, Work>> = {
  'GET /_isthmus/labs': (desk) => desk.list(),
  'GET /_isthmus/labs/course': (desk) => desk.view(),
  'GET /_isthmus/labs/report': (desk) => desk.report(),
  'POST /_isthmus/labs/start': (desk, { slug, restart }) => desk.start(String(slug), restart === true),
  'POST /_isthmus/labs/reset': (desk, { slug }) => desk.reset(String(slug)),
  'POST /_isthmus/labs/jump': (desk, { step }) => desk.jump(Number(step)),
  'POST /_isthmus/labs/looking': (desk) => desk.lookedAt(),
  'POST /_isthmus/labs/check': (desk) => desk.check(),
  'POST /_isthmus/labs/solve': (desk) => desk.solve(),
  'POST /_isthmus/labs/hint': (desk, { now }) => desk.hint(now === true),
  'POST /_isthmus/labs/words': (desk, { about, text }) => desk.words(String(about), String(text)),
}

export function labs(options: LabsOptions): Labs {
  let desk: Desk | undefined
  let opening: Promise<Desk> | undefined
  // What labs need is read when the first page asks for one.
  const open = async (): Promise<Desk> => {
    const [{ Desk }, { shelf }] = await Promise.all([import('./labs/desk.ts'), import('./labs/shelf.ts')])
    desk = new Desk({ ...options, shelf: shelf(options.folder) })
    return desk
  }
  const answer = (work: Work) => async (request: WireRequest) => {
    opening ??= open()
    return answered(await opening, work, request)
  }
  const stir = () => desk?.stir()
  return {
    routes: Object.fromEntries(Object.entries(WORK).map(([route, work]) => [route, answer(work)])),
    stir,
    heard: (journal) => ({
      ...journal,
      note(entry) {
        journal.note(entry)
        // What checks ask themselves is no news.
        if ((entry.error !== undefined && !isRead(entry.action)) || entry.action === 'Connect') stir()
      },
    }),
    close: () => desk?.close(),
  }
}

async function answered(desk: Desk, work: Work, { body }: WireRequest): Promise<RouteAnswer> {
  const { Failure } = await import('../cli/failure.ts')
  const asked = objectIn(body)
  if (!asked) return { status: 400, body: { error: 'The body is not a JSON object.' } }
  try {
    const given = await work(desk, asked)
    if (given === false) return { status: 404, body: { error: 'There is no such lab.' } }
    return { status: 200, body: given ?? {} }
  } catch (error) {
    if (error instanceof Failure) return { status: 409, body: { error: error.message } }
    throw error
  }
}

function objectIn(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = body.length > 0 ? JSON.parse(body.toString()) : {}
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
