/** Texts of labs on a terminal: steps, results of checks, hints. */
import type { Result } from '../lab/checks/run-checks.ts'
import type { Lab, Step } from '../lab/format/lab.ts'
import type { Paint } from './paint.ts'

/** Markdown as people read it: headings and commands stand out, and what is for web pages is left out. */
export function markdown(text: string, paint: Paint): string {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const plain = line.replaceAll(/\{\{(exec|copy)\}\}/g, '')
      if (/^#+ /.test(plain)) return paint('bold', plain.replace(/^#+ /, ''))
      return plain.replaceAll(/`([^`]+)`/g, (_, code: string) => paint('cyan', code))
    })
    .join('\n')
}

export function stepText({ steps }: Lab, step: Step, paint: Paint): string {
  const place = paint('dim', `Step ${step.number} of ${steps.length}`)
  return `${place}\n\n${markdown(step.text, paint)}`
}

const SIGNS = { passed: ['green', '✓'], failed: ['red', '✗'], skipped: ['dim', '·'] } as const

export function resultText({ title, status, level, words }: Result, paint: Paint): string {
  const isWarning = status === 'failed' && level === 'warning'
  const [colour, sign] = isWarning ? (['yellow', '!'] as const) : SIGNS[status]
  const more = words === '' ? [] : words.split('\n').map((line) => `    ${line}`)
  return [`${paint(colour, sign)} ${title}`, ...more].join('\n')
}
