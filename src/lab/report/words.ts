/** What is left to the learner in a report: the questions, and the learner's own words in their place. */
import { type Block, block } from './blocks.ts'

/** One question; `about` is the heading that it stands below. */
export interface Question {
  readonly about: string
  readonly prompt: string
}

/** A heading has one question at the most. */
export function questionsIn(blocks: readonly Block[]): Question[] {
  return blocks.flatMap((one, i) => (one.kind === 'yours' ? [{ about: headingOf(blocks, i), prompt: one.text }] : []))
}

/** The report with the words in place of their questions; what belongs to no heading any more stands at the end. */
export function withWords(blocks: readonly Block[], words: ReadonlyMap<string, string>): Block[] {
  const asked = new Set(questionsIn(blocks).map(({ about }) => about))
  const others = [...words].filter(([about, text]) => !asked.has(about) && text.trim() !== '')
  return [
    ...blocks.flatMap((one, i) => (one.kind === 'yours' ? answered(one, words.get(headingOf(blocks, i))) : [one])),
    ...others.flatMap(([about, text]) => [block('heading', about), ...paragraphs(text)]),
  ]
}

const answered = (question: Block, text = ''): Block[] => (text.trim() === '' ? [question] : paragraphs(text))

const paragraphs = (text: string): Block[] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((one) => block('text', one))

function headingOf(blocks: readonly Block[], index: number): string {
  const heading = blocks.slice(0, index).findLast(({ kind }) => kind === 'heading')
  return heading && 'text' in heading ? heading.text : ''
}
