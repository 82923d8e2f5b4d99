/** What a script does, as it does it. */
import { useEffect, useRef } from 'preact/hooks'

export function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  const pre = useRef<HTMLPreElement>(null)
  useEffect(() => {
    pre.current?.scrollTo(0, pre.current.scrollHeight)
  }, [lines.length])
  return (
    <section class="lines" aria-label={title}>
      <p role="status">{title}</p>
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long script is scrolled, by keys as well.
        <pre ref={pre} tabIndex={0}>
          {lines.map((line, i) => (
            <span key={`${i}${line}`} class={line.startsWith('$ ') ? 'typed' : ''}>
              {`${line}\n`}
            </span>
          ))}
        </pre>
      )}
    </section>
  )
}
