/** Markdown as nodes of the page: what is no Markdown is text, and nothing is ever markup. */
import { Lexer, type Token, type Tokens } from 'marked'
import { type ComponentChildren, createContext, Fragment, h } from 'preact'
import { useContext } from 'preact/hooks'
import { Command } from './command.tsx'
import { Text } from './names.tsx'

/** A command that is to be carried out, or to be copied, as the labs' texts mark it. */
const MARK = /^\{\{\s*(?:exec|copy)[^}]*\}\}/

export const Markdown = ({ text }: { text: string }) => <div class="prose">{blocks(new Lexer().lex(apart(text)))}</div>

/** Killercoda's mark stands right behind the fence, where Markdown sees no fence any more. */
const apart = (text: string): string => text.replaceAll(/^(`{3,}|~{3,})(\{\{[^}]*\}\})[ \t]*$/gm, '$1\n\n$2\n')

const each = (tokens: readonly Token[], view: (token: Token, next: Token | undefined) => ComponentChildren) =>
  tokens.map((token, i) => <Fragment key={`${i}${token.raw}`}>{view(token, tokens[i + 1])}</Fragment>)

const blocks = (tokens: readonly Token[]): ComponentChildren =>
  each(
    tokens.filter(({ type }) => type !== 'space'),
    (token, next) => blockOf(token, isMark(next)),
  )

/** Whether what follows begins with a mark. */
const isMark = (next: Token | undefined): boolean => MARK.test(next?.raw ?? '')

function blockOf(token: Token, isMarked: boolean): ComponentChildren {
  switch (token.type) {
    case 'heading':
      return h(`h${Math.min(6, token.depth + 2)}`, {}, inline(token.tokens ?? []))
    case 'paragraph':
      return paragraph(token as Tokens.Paragraph)
    case 'code':
      return isMarked ? <Command text={token.text} /> : <Pre text={token.text} />
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [])}</blockquote>
    case 'list':
      return listOf(token as Tokens.List)
    case 'table':
      return tableOf(token as Tokens.Table)
    case 'hr':
      return <hr />
    default:
      return <p>{inside(token) ?? token.raw}</p>
  }
}

/** What a token is made of; undefined where that is its text. */
const inside = (token: Token): ComponentChildren | undefined =>
  'tokens' in token && token.tokens ? inline(token.tokens) : undefined

const Pre = ({ text }: { text: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the panel is scrolled, by keys as well.
  <pre tabIndex={0}>{text}</pre>
)

/** Pictures that a text shows: name → SVG. As an image nothing in it is carried out. */
export const Pictures = createContext<Readonly<Record<string, string>>>({})

function Picture({ name, words }: { name: string; words: string }) {
  const pictures = useContext(Pictures)
  const svg = Object.hasOwn(pictures, name) ? pictures[name] : undefined
  return <img {...(svg !== undefined && { src: `data:image/svg+xml,${encodeURIComponent(svg)}` })} alt={words} />
}

/** One that is nothing but a marked command is a command of its own. */
function paragraph({ tokens }: Tokens.Paragraph): ComponentChildren {
  const rest = inline(tokens)
  const [first, mark, ...more] = tokens
  const isAlone = first?.type === 'codespan' && more.length === 0 && mark?.raw.replace(MARK, '').trim() === ''
  if (isAlone) return rest
  return tokens.length === 1 && first && MARK.test(first.raw) ? null : <p>{rest}</p>
}

function listOf({ ordered, start, items }: Tokens.List): ComponentChildren {
  const all = items.map((item, i) => <li key={`${i}${item.raw}`}>{blocks(item.tokens)}</li>)
  return ordered ? <ol start={Number(start) || 1}>{all}</ol> : <ul>{all}</ul>
}

const tableOf = ({ header, rows }: Tokens.Table): ComponentChildren => (
  <div class="wide">
    <table class="rows">
      {header.some(({ text }) => text !== '') && (
        <thead>
          <tr>
            {header.map(({ text, tokens }, i) => (
              <th key={`${i}${text}`}>{inline(tokens)}</th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((cells, r) => (
          <tr key={`${r}${cells.map(({ text }) => text).join()}`}>
            {cells.map(({ text, tokens }, i) => (
              <td key={`${i}${text}`}>{inline(tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const inline = (tokens: readonly Token[]): ComponentChildren =>
  each(tokens, (token, next) => inlineOf(token, isMark(next)))

function inlineOf(token: Token, isMarked: boolean): ComponentChildren {
  switch (token.type) {
    case 'codespan':
      return isMarked ? (
        <Command text={token.text} />
      ) : (
        <code>
          <Text>{token.text}</Text>
        </code>
      )
    case 'strong':
      return <strong>{inline(token.tokens ?? [])}</strong>
    case 'em':
      return <em>{inline(token.tokens ?? [])}</em>
    case 'del':
      return <del>{inline(token.tokens ?? [])}</del>
    case 'br':
      return <br />
    case 'link':
      return linkOf(token as Tokens.Link)
    case 'image':
      return <Picture name={token.href} words={token.text} />
    case 'escape':
      return token.text
    default:
      return inside(token) ?? <Text>{plain(token.raw).replace(MARK, '')}</Text>
  }
}

/** A link leads to another page, and only to one of the web. */
const linkOf = ({ href, tokens }: Tokens.Link): ComponentChildren =>
  /^https?:\/\//.test(href) ? (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {inline(tokens)}
    </a>
  ) : (
    inline(tokens)
  )

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** Text as it was meant: the lexer leaves entities as they are written. */
const plain = (text: string): string => text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (all, name) => ENTITIES[name] ?? all)
