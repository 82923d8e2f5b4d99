/** Results of a check as lines: one an assertion, and below one that fails what is in the way and what mends it. */
import type { Failure, Result } from '../check/evaluate.ts'
import type { Paint } from './paint.ts'
import { wrapped, wrappedCommand } from './wrap.ts'

export interface CheckStyle {
  readonly columns: number
  readonly paint: Paint
}

const SIGNS = { holds: ['green', '✓'], fails: ['red', '✗'], error: ['yellow', '!'] } as const

/** One result. */
export function checkText(file: string, result: Result, { columns, paint }: CheckStyle): string {
  const { name, status, because, error, pairs, failing, failures, disagreements = [] } = result
  const [colour, sign] = SIGNS[status]
  const count = status === 'error' || pairs < 2 ? '' : ` (${failing > 0 ? `${failing} of ` : ''}${pairs} pairs)`
  const more = failing - failures.length
  return [
    `${paint(colour, sign)} ${name}${count}`,
    ...(error ? wrapped(`${file}:${error.line}:${error.column}: ${error.message}`, columns, '    ') : []),
    ...(status === 'fails' && because !== undefined ? wrapped(`because: ${because}`, columns, '    ') : []),
    ...disagreements.flatMap((text) => wrapped(text, columns, '    ')),
    ...failures.flatMap((failure) => failureLines(failure, result, columns, paint)),
    ...(more > 0 ? [`    and ${more} more of the pairs`] : []),
  ].join('\n')
}

function failureLines({ explanation }: Failure, { expect }: Result, columns: number, paint: Paint): string[] {
  const { headline, way, fixes } = explanation
  const letIn = way.hops.filter(({ leg, stage }) => leg === 'request' && stage === 'ingress-rules').slice(-1)
  const closed = expect === 'unreachable' || expect === 'only'
  const reasons = closed ? letIn : way.blockers
  const calls = expect === 'reachable' ? (fixes[0]?.calls ?? []) : []
  return [
    ...wrapped(headline, columns, '    '),
    ...reasons.flatMap(({ sentence }) => wrapped(sentence, columns, '    · ', '      ')),
    ...calls.flatMap(({ command }) =>
      wrappedCommand(command, columns, '      ', '        ').map((line) => paint('cyan', line)),
    ),
  ]
}

/** `3 hold, 1 fails, 1 can not be asked`. */
export function summary(results: readonly Result[]): string {
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length
  const [holds, fails, errors] = [count('holds'), count('fails'), count('error')]
  return [
    `${holds} ${holds === 1 ? 'holds' : 'hold'}`,
    ...(fails > 0 ? [`${fails} ${fails === 1 ? 'does' : 'do'} not`] : []),
    ...(errors > 0 ? [`${errors} can not be asked`] : []),
  ].join(', ')
}
