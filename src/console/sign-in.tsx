/** Access keys for a server that verifies signatures (--auth). */
import { signal } from '@preact/signals'
import { signIn } from './api/session.ts'
import { TextField } from './parts/fields.tsx'
import { refresh } from './state.ts'

const accessKeyId = signal('')
const secretAccessKey = signal('')

export const SignIn = () => (
  <form
    class="refused"
    onSubmit={(event) => {
      event.preventDefault()
      signIn({ accessKeyId: accessKeyId.value.trim(), secretAccessKey: secretAccessKey.value.trim() })
      void refresh()
    }}
  >
    <h1>Isthmus</h1>
    <p>This server verifies signatures. The keys stay in this tab.</p>
    <TextField label="Access key ID" value={accessKeyId} />
    <TextField label="Secret access key" value={secretAccessKey} secret />
    <div class="submit">
      <button type="submit" class="primary">
        Sign in
      </button>
    </div>
  </form>
)
