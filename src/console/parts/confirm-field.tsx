/** The word that AWS's console has one type before something is deleted for good. */
import type { Signal } from '@preact/signals'
import { TextField } from './fields.tsx'

export const ConfirmField = ({ word, value }: { word: string; value: Signal<string> }) => (
  <TextField label={`To confirm deletion, type ${word} in the field`} value={value} placeholder={word} />
)
