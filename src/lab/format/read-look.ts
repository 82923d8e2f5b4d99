/** What a check looks at, read: one reader for each kind. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { operationOf } from '../../protocol/model.ts'
import { hasPorts, parsePorts, parseProtocol } from '../../check/traffic.ts'
import { CODES } from '../../analyzer/codes.ts'
import { type ApiTest, BLOCKERS, type Ending, JUDGES, type Look, type Selector, type Traffic, VIAS } from './lab.ts'
import { pathMistake } from '../checks/jmespath.ts'
import { filled } from '../names/template.ts'
import { type Known, checkMentions, readSelector } from './read-names.ts'
import type { Fields, Part } from './yaml-part.ts'

export interface Setting {
  readonly known: Known
  readonly folder: string
  readonly selectors: ReadonlyMap<string, Selector>
}

type Reader = (part: Part, setting: Setting) => Look

const TRAFFIC = ['from', 'to', 'proto', 'port'] as const

function traffic(fields: Fields): Traffic {
  const port = fields.get('port')
  const written = fields.get('proto')
  const protocol = written ? parseProtocol(written.text()) : port ? 6 : 1
  if (protocol === undefined) written?.wrong('expected tcp, udp, icmp or a number from 0 to 255')
  const ports = port && parsePorts(port.text())
  if (port && !ports) port.wrong('expected a port, a range such as 8000-8100, or any')
  if (port && protocol !== undefined && !hasPorts(protocol)) port.wrong('only tcp and udp have ports')
  return { from: fields.text('from'), to: fields.text('to'), protocol: protocol ?? 0, ...(ports && { ports }) }
}

const reach: Reader = (part) => {
  const fields = part.fields([...TRAFFIC, 'expect', 'is', 'engine', 'via', 'by', 'on'])
  const by = fields.get('by')?.choice(BLOCKERS)
  const [via, on] = [fields.get('via'), fields.get('on')]
  const wanted = fields.get('expect')?.choice(['reachable', 'unreachable'])
  const is = fields.get('is')?.choice(['reachable', 'blocked'])
  if ((wanted === undefined) === (is === undefined)) part.wrong('expected either `expect` or `is`')
  const expect = wanted ?? (is === 'blocked' ? 'unreachable' : 'reachable')
  if ((by || on) && expect === 'reachable') part.wrong('`by` and `on` say what stops it: expect unreachable, then')
  return {
    kind: 'reach',
    ...traffic(fields),
    expect,
    judges: fields
      .get('engine')
      ?.oneOrMore()
      .map((one) => one.choice(JUDGES)) ?? ['model'],
    ...(via && { via: kindOrThing(via, Object.keys(VIAS)) }),
    ...(by && { by }),
    ...(on && { on: on.text() }),
  }
}

/** A kind of thing, or a name or id. */
function kindOrThing(part: Part, kinds: readonly string[]): string {
  const text = part.text()
  if (!/^\$|^[a-z]+-[0-9a-f]/.test(text) && !kinds.includes(text)) part.wrong(`expected a name or ${kinds.join(', ')}`)
  return text
}

const TESTS = ['equals', 'contains', 'matches'] as const

const api: Reader = (part) => {
  const fields = part.fields(['action', 'input', 'path', ...TESTS])
  const given = TESTS.filter((test) => fields.get(test))
  if (given.length > 1) part.wrong(`expected one of ${TESTS.join(', ')}`)
  const [test] = given
  return {
    kind: 'api',
    action: fields.need('action', readAction, ''),
    input: (fields.get('input')?.data() ?? {}) as Record<string, unknown>,
    path: fields.need('path', readPath, ''),
    test: test === undefined ? { kind: 'some' } : apiTest(test, fields),
  }
}

function apiTest(kind: (typeof TESTS)[number], fields: Fields): ApiTest {
  const part = fields.get(kind)
  return kind === 'matches' ? { kind, pattern: part ? pattern(part) : '' } : { kind, value: part?.data() }
}

/** A check looks and changes nothing. */
function readAction(part: Part): string {
  const action = part.text()
  if (!/^(Describe|Get|List|Search)/.test(action) || !operationOf(action))
    part.wrong(`${action} is no action of EC2 that only reads`)
  return action
}

/** JMESPath that can be read, whatever its names mean. */
function readPath(part: Part): string {
  const path = part.text()
  const mistake = pathMistake(filled(path, () => 'x'))
  if (mistake !== undefined) part.wrong(mistake)
  return path
}

function pattern(part: Part): string {
  const text = part.text()
  try {
    new RegExp(text)
  } catch (error) {
    part.wrong((error as Error).message)
  }
  return text
}

const route: Reader = (part) => {
  const fields = part.fields(['table', 'to', 'via', 'state'])
  const via = fields.get('via')
  return {
    kind: 'route',
    table: fields.text('table'),
    to: fields.text('to'),
    ...(via && { via: kindOrThing(via, [...Object.keys(VIAS), 'local']) }),
    state: fields.get('state')?.choice(['active', 'blackhole']) ?? 'active',
  }
}

/** A thing by its relations, or the name of one that `where` binds. */
const there =
  (kind: 'exists' | 'absent'): Reader =>
  (part, { known, selectors }) => {
    if (part.isMap) return { kind, selector: readSelector(part, known) }
    const selector = selectors.get(part.text().replace(/^\$/, ''))
    if (!selector) part.wrong('expected a name that `where` binds, such as $vpc1, or {vpc: {cidr: ...}}')
    return { kind, selector: selector ?? { kind: 'vpc', having: {} } }
  }

const exec: Reader = (part) => {
  const fields = part.fields(['on', 'command', ...ENDING, 'simulated'])
  const simulated = fields.get('simulated')?.fields(ENDING)
  return {
    kind: 'exec',
    on: fields.text('on'),
    command: fields.need('command', readCommand, []),
    ...ending(fields),
    ...(simulated && { simulated: ending(simulated) }),
  }
}

const ENDING = ['exit', 'output'] as const

function ending(fields: Fields): Ending {
  const output = fields.get('output')
  return { exit: fields.get('exit')?.whole(0, 255) ?? 0, ...(output && { output: pattern(output) }) }
}

/** A list of words, or a line for a shell. */
const readCommand = (part: Part): string[] =>
  part.isList ? part.list().map((word) => word.text()) : ['sh', '-c', part.text()]

const event: Reader = (part) => {
  const fields = part.fields(['action', 'error', 'message'])
  const [error, message] = [fields.get('error'), fields.get('message')]
  const action = fields.text('action')
  if (action !== 'Connect' && !operationOf(action)) part.wrong(`${action} is no action of EC2, and not Connect`)
  return {
    kind: 'event',
    action,
    ...(error && { error: error.text() }),
    ...(message && { message: pattern(message) }),
  }
}

const explain: Reader = (part) => {
  const fields = part.fields([...TRAFFIC, 'code'])
  const code = fields.need('code', (one) => one.choice(CODES), '')
  return { kind: 'explain', ...traffic(fields), code }
}

const script: Reader = (part, { folder }) => {
  const file = join(folder, part.text())
  if (!existsSync(file)) part.wrong(`there is no ${file}`)
  return { kind: 'script', file }
}

const READERS: Readonly<Record<Look['kind'], Reader>> = {
  reach,
  api,
  route,
  exists: there('exists'),
  absent: there('absent'),
  exec,
  event,
  explain,
  script,
}
export const LOOKS = Object.keys(READERS) as readonly Look['kind'][]

/** What the one key among `fields` that is a kind of look asks for; undefined, and a problem, where it is not one. */
export function readLook(of: Part, fields: Fields, setting: Setting): Look | undefined {
  const given = LOOKS.filter((kind) => fields.get(kind))
  const [kind] = given
  const part = kind && fields.get(kind)
  if (!kind || !part || given.length > 1) {
    of.wrong(`expected one of ${LOOKS.join(', ')}`)
    return undefined
  }
  checkMentions(part, setting.known)
  return READERS[kind](part, setting)
}
