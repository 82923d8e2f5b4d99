/** A report as a list of blocks, which become Markdown or HTML. */
import { escaped } from './escaped.ts'
import { mapStyle } from './svg.ts'

export type Block =
  | { readonly kind: 'title' | 'heading' | 'subheading' | 'text' | 'code'; readonly text: string }
  /** Left to the learner: what to write about. */
  | { readonly kind: 'yours'; readonly text: string }
  /** In HTML it is inside; Markdown shows a file beside it, called `name`. */
  | { readonly kind: 'picture'; readonly name: string; readonly title: string; readonly svg: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

export const block = (kind: 'title' | 'heading' | 'subheading' | 'text' | 'code' | 'yours', text: string): Block => ({
  kind,
  text,
})

const MARKS = { title: '# ', heading: '## ', subheading: '### ' } as const

export const markdownOf = (blocks: readonly Block[]): string => `${blocks.map(asMarkdown).join('\n\n')}\n`

function asMarkdown(one: Block): string {
  switch (one.kind) {
    case 'list':
      return one.items.map((item) => `- ${plainMarkdown(item)}`).join('\n')
    case 'table':
      return [one.head, one.head.map(() => '---'), ...one.rows].map(tableRow).join('\n')
    case 'picture':
      return `![${plainMarkdown(one.title)}](${one.name})`
    case 'code':
      return fenced(one.text)
    case 'yours':
      return `> **Yours to write:** ${one.text}`
    case 'text':
      return plainMarkdown(one.text)
    default:
      return `${MARKS[one.kind]}${plainMarkdown(one.text)}`
  }
}

/** A fence that is longer than any within. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => plainMarkdown(cell).replaceAll('|', '\\|').replaceAll('\n', '<br>')).join(' | ')} |`

/** Names and error texts are never markup. */
const plainMarkdown = (text: string): string => text.replaceAll(/[<>*_[\]]/g, (character) => `\\${character}`)

const ELEMENTS = { title: 'h1', heading: 'h2', subheading: 'h3', text: 'p', code: 'pre', yours: 'blockquote' } as const

const STYLE = `
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
  h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886 }
  pre { background: #8881; padding: .75rem; font-size: .85rem; line-height: 1.3; border-radius: 6px }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
  table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0 }
  td { white-space: pre-line }
  td:first-child { min-width: 7rem }
  th, td { text-align: left; vertical-align: top; padding: .25rem .75rem; border-bottom: 1px solid #8886 }
  blockquote { border-left: .25rem solid #c80; margin: 1rem 0; padding: .25rem 1rem; min-height: 4rem }
  blockquote b { color: light-dark(#8a4b00, #f0a94a) }
  figure { margin: 1rem 0; overflow-x: auto }
  figure svg { max-width: 100%; min-width: 40rem; height: auto; border: 1px solid #8884; border-radius: 8px }
  figcaption { font-size: .9rem; opacity: .8 }
  @page { margin: 15mm }
  @media print {
    :root { color-scheme: light }
    body { font-size: 10.5pt; margin: 0; max-width: none; padding: 0 }
    h2, h3, figcaption { break-after: avoid }
    figure, pre, tr, blockquote { break-inside: avoid }
    pre { border: 1px solid #ccc }
    figure svg { min-width: 0; max-height: 230mm }
    table { display: table }
  }
`

/** One file, which asks for nothing from elsewhere. */
export const htmlOf = (title: string, blocks: readonly Block[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escaped(title)}</title>`,
    '<meta name="viewport" content="width=device-width">',
    `<style>${STYLE}${blocks.some(({ kind }) => kind === 'picture') ? mapStyle() : ''}</style>`,
    ...blocks.map(asHtml),
    '</html>',
    '',
  ].join('\n')

function asHtml(one: Block): string {
  if (one.kind === 'list') return `<ul>\n${one.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`
  if (one.kind === 'table') {
    const row = (cells: readonly string[], of: 'td' | 'th') =>
      `<tr>${cells.map((cell) => `<${of}>${escaped(cell)}</${of}>`).join('')}</tr>`
    return ['<table>', row(one.head, 'th'), ...one.rows.map((cells) => row(cells, 'td')), '</table>'].join('\n')
  }
  if (one.kind === 'picture')
    return `<figure tabindex="0">\n<figcaption>${escaped(one.title)}</figcaption>\n${one.svg}\n</figure>`
  const element = ELEMENTS[one.kind]
  const before = one.kind === 'yours' ? '<b>Yours to write:</b> ' : ''
  return `<${element}>${before}${escaped(one.text)}</${element}>`
}
