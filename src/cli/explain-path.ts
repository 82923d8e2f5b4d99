/** The ways there and back as lines: `web ── rtb ── pcx ══ db`, the stop marked. */
import type { ToldWay } from '../analyzer/words.ts'
import type { PathPart } from '../analyzer/words/path.ts'
import type { Paint } from './paint.ts'

const STOP = '✗'

/** A line for the request and one for the reply; longer ones go on below. */
export function pathLines({ request, reply }: ToldWay, columns: number, paint: Paint): string[] {
  return [...lineOf('request', request, columns, paint), ...lineOf('reply', reply, columns, paint)]
}

function lineOf(title: string, parts: readonly PathPart[], columns: number, paint: Paint): string[] {
  if (parts.length === 0) return []
  const indent = ' '.repeat(11)
  const lines: string[] = []
  let line = `  ${title.padEnd(9)}`
  let width = line.length
  let stopped = false
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1]
    const link = before ? ` ${linkAfter(before, stopped)} ` : ''
    const text = `${nameOf(part)}${part.stops ? ` ${STOP}` : ''}`
    if (before && width + link.length + text.length > columns) {
      lines.push(line + paint('dim', link.trimEnd()))
      line = indent
      width = indent.length
    } else {
      line += paint('dim', link)
      width += link.length
    }
    line += part.stops ? paint('red', text) : stopped ? paint('dim', text) : text
    width += text.length
    stopped ||= part.stops
  }
  return [...lines, line]
}

/** A group and an ACL say what they are: their names are no places. */
const nameOf = ({ kind, id, name }: PathPart): string =>
  kind === 'guard' ? `${id.startsWith('sg-') ? 'group' : 'ACL'} ${name}` : name

/** Across a peering or gateway one comes into another network; behind a stop nothing comes. */
const linkAfter = ({ kind }: PathPart, stopped: boolean): string => (stopped ? '┄┄' : kind === 'link' ? '══' : '──')
