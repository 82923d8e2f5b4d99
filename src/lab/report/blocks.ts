/** A report as a list of blocks, which become Markdown or HTML. */

export type Block =
  | { readonly kind: 'title' | 'heading' | 'subheading' | 'text' | 'code'; readonly text: string }
  /** Left to the learner: what to write about. */
  | { readonly kind: 'yours'; readonly text: string }
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
  `| ${cells.map((cell) => plainMarkdown(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`

/** Names and error texts are never markup. */
const plainMarkdown = (text: string): string => text.replaceAll(/[<>*_[\]]/g, (character) => `\\${character}`)

const ELEMENTS = { title: 'h1', heading: 'h2', subheading: 'h3', text: 'p', code: 'pre', yours: 'blockquote' } as const

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  pre { background: #8881; padding: .75rem; overflow-x: auto; font-size: .85rem; line-height: 1.3 }
  table { border-collapse: collapse }
  th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #8886 }
  blockquote { border-left: .25rem solid #c80; margin: 0; padding: .25rem 1rem; color: #c80 }
  :root { color-scheme: light dark }
`

/** One file, which asks for nothing from elsewhere. */
export const htmlOf = (title: string, blocks: readonly Block[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
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
  const element = ELEMENTS[one.kind]
  const before = one.kind === 'yours' ? 'Yours to write: ' : ''
  return `<${element}>${escaped(before + one.text)}</${element}>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** For XML and HTML; characters that XML has no place for are left out. */
export const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
