/** Commits for calls: what the disk refuses is an answer that clients understand, and is told once. */
import { ApiError } from '../ec2/errors.ts'
import { type Store, StoreError } from '../store/store.ts'

/** As the store's; throws ApiError where the state cannot be written, and then it is as before. */
export function writing(store: Store, tell: (line: string) => void): Store['commit'] {
  let isWritable = true
  return (revision, changes, number, durability) => {
    try {
      const result = store.commit(revision, changes, number, durability)
      // What is not synced may be small enough for a disk that is as good as full.
      if (durability === 'written') return result
      if (!isWritable) tell('The state can be written again.')
      isWritable = true
      return result
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (isWritable) tell(error.message)
      isWritable = false
      throw notWritable(error)
    }
  }
}

/** AWS has no such error. It is the client's (400), as SDKs would repeat a call that met the server's for minutes. */
const notWritable = ({ why = 'see the log' }: StoreError): ApiError =>
  new ApiError(
    'StateNotWritable',
    `The server cannot write its state (${why}): nothing was changed. Repeat the call once its disk has room and can ` +
      'be written.',
  )
