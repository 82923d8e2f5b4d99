/** A sentence of the analyzer: names stand between grave accents. */

export const Sentence = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, i) => (i % 2 === 1 ? <b key={`${i}${part}`}>{part}</b> : part))}</>
)
