/** An explanation on one screen: the way as a line, what is in the way, what to do about it. */
import type { Notice } from '../analyzer/answer.ts'
import { OWN } from '../analyzer/codes.ts'
import type { Explanation } from '../check/explanation.ts'
import type { ToldHop, ToldWay } from '../analyzer/words.ts'
import type { ToldFix } from '../analyzer/words/fixes.ts'
import type { Stage } from '../network/flow.ts'
import { pathLines } from './explain-path.ts'
import { partlyText } from './explain-sets.ts'
import type { Paint } from './paint.ts'
import { wrapped, wrappedCommand } from './wrap.ts'

export interface TextStyle {
  readonly columns: number
  /** Every decision and every way. */
  readonly all: boolean
  readonly paint: Paint
}

/** What `isthmus explain` prints. */
export function explanationText(explanation: Explanation, style: TextStyle): string {
  const { verdict, headline, way, notices } = explanation
  const { columns, paint, all } = style
  const colour = verdict === 'reachable' ? 'green' : verdict === 'partly' ? 'yellow' : 'red'
  const open = verdict === 'reachable'
  return [
    wrapped(headline, columns).map((line) => paint(colour, line)),
    verdict === 'partly' ? partlyText(explanation, columns) : [],
    [''],
    pathLines(way, columns, paint),
    open || all ? hopLines(way, style) : [],
    way.blockers.length > 0 ? ['', ...blockerLines(way, style)] : [],
    open ? [] : fixLines(explanation, style),
    notices
      .filter((notice) => !isSaid(notice, way))
      .flatMap(({ sentence }) => ['', ...wrapped(`Note: ${sentence}`, columns)]),
  ]
    .flat()
    .join('\n')
}

/** A leak that is in the way has its sentence there. */
const isSaid = ({ code }: Notice, { blockers }: ToldWay): boolean =>
  code === OWN.leak && blockers.some((blocker) => blocker.code.startsWith('IGW_DESTINATION_ADDRESS_NOT_IN'))

/** What decides as a rule; the rest, default network ACLs and deliveries, is for who asks for all. */
const USUAL: ReadonlySet<Stage> = new Set([
  'egress-rules',
  'route',
  'translate-source',
  'translate-destination',
  'ingress-rules',
])

/** The decisions, the request's first. */
const hopLines = ({ hops }: ToldWay, { columns, all }: TextStyle): string[] =>
  (['request', 'reply'] as const).flatMap((leg) => {
    const own = hops.filter((hop) => hop.leg === leg && (all || isUsual(hop)))
    if (own.length === 0) return []
    const title = leg === 'request' ? 'On the way there' : 'On the way back'
    return [
      '',
      title,
      ...own.flatMap(({ sentence, outcome }) =>
        wrapped(sentence, columns, outcome === 'stop' ? '  ✗ ' : '  ✓ ', '    '),
      ),
    ]
  })

/** A peering or gateway has no routes that anybody wrote. */
const isUsual = ({ stage, origin }: ToldHop): boolean =>
  USUAL.has(stage) && (stage !== 'route' || origin.resource.startsWith('rtb-'))

function blockerLines({ blockers }: ToldWay, { columns, paint }: TextStyle): string[] {
  const several = blockers.length > 1
  return blockers.flatMap(({ sentence, remarks }, index) => {
    const first = several ? `${index + 1}. ` : ''
    const text = [sentence, ...remarks].join(' ')
    return wrapped(text, columns, first, ' '.repeat(first.length)).map((line) => paint('bold', line))
  })
}

function fixLines({ fixes, notFixed }: Explanation, style: TextStyle): string[] {
  const [usual, ...others] = fixes
  if (!usual) return notFixed.flatMap((why) => ['', ...wrapped(`No call mends it: ${why}`, style.columns)])
  const hints = ['--apply does it now', ...(others.length > 0 && !style.all ? ['--all shows other ways'] : [])]
  const shown = style.all ? [usual, ...others] : [usual]
  return shown.flatMap((fix, index) => [
    '',
    index === 0 ? `This mends it (${hints.join(', ')}):` : 'Or this:',
    ...fixText(fix, style),
  ])
}

function fixText({ calls, opens, closes }: ToldFix, { columns, paint }: TextStyle): string[] {
  return [
    ...calls.flatMap(({ command, comment }) => [
      ...(comment === undefined ? [] : wrapped(comment, columns, '  # ')),
      ...wrappedCommand(command, columns, '  ', '    ').map((line) => paint('cyan', line)),
    ]),
    ...opens.flatMap(({ text }) => wrapped(`It also opens: ${text}`, columns, '  ')),
    ...closes.flatMap(({ text }) => wrapped(`It also closes: ${text}`, columns, '  ')),
  ]
}
