/** Why there is no connection: AWS's words, the first line of which is the headline. */

export function Refused({ words }: { words: string }) {
  const [headline = '', ...more] = words.split('\n')
  return (
    <div class="refusal" role="alert">
      {more.length > 0 ? <strong>{headline}</strong> : <p>{headline}</p>}
      {more.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
