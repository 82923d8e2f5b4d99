/** Sets of headers in words: which part arrives and which does not. */
import type { Explanation } from '../check/explanation.ts'
import type { Box } from '../headers/boxes.ts'
import { type Prefix, sizeOf } from '../ip/prefix.ts'
import type { PortRange } from '../network/match.ts'
import { wrapped } from './wrap.ts'

/** What of it arrives, where that is a part. */
export function partlyText({ answered, unanswered, lost }: Explanation, columns: number): string[] {
  const parts = [
    ['Arrives and is answered', answered],
    ['Arrives, and its reply does not', unanswered],
    ['Does not arrive', lost],
  ] as const
  return parts.flatMap(([title, boxes]) =>
    boxes.length === 0 ? [] : wrapped(`${title}: ${boxesText(boxes)}.`, columns, '  ', '    '),
  )
}

const SHOWN = 3

/** `ports 22, 80 to 443 from 10.1.0.0/16; and 2 more`. */
function boxesText(boxes: readonly Box[]): string {
  const texts = [...new Set(boxes.map(boxText))]
  const more = texts.length > SHOWN ? [`and ${texts.length - SHOWN} more (-o json has them)`] : []
  return [...texts.slice(0, SHOWN), ...more].join('; ')
}

/** Ports a client takes by itself say nothing, where all of them are meant. */
function boxText({ destinationPorts, source, destination, sourcePorts, icmpTypes }: Box): string {
  const texts = [
    destinationPorts && `ports ${rangesText(destinationPorts)}`,
    sourcePorts && isTold(sourcePorts) ? `from ports ${rangesText(sourcePorts)}` : undefined,
    icmpTypes && `types ${rangesText(icmpTypes)}`,
    source && !isOne(source) ? `from ${someOf(source)}` : undefined,
    destination && !isOne(destination) ? `to ${someOf(destination)}` : undefined,
  ].filter((text) => text !== undefined)
  return texts.length === 0 ? 'everything' : texts.join(' ')
}

/** One address is the one that was asked about. */
const isOne = ([first, ...others]: readonly Prefix[]): boolean =>
  first !== undefined && others.length === 0 && sizeOf(first) === 1n

/** Those that a client of any system takes are no news. */
const isTold = (ranges: readonly PortRange[]): boolean => ranges.length > 1 || (ranges[0]?.from ?? 0) > 32768

const rangesText = (ranges: readonly PortRange[]): string =>
  someOf(ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)))

const someOf = (texts: readonly string[]): string =>
  texts.length > SHOWN ? `${texts.slice(0, SHOWN).join(', ')} and ${texts.length - SHOWN} more` : texts.join(', ')
