import { parentPort, workerData } from 'node:worker_threads'

// A client in a thread of its own: asks, waits, asks again, and says how long each answer took.
const { url, token, times, pause } = workerData as Record<'url' | 'token', string> &
  Record<'times' | 'pause', number>
const headers = { authorization: `Bearer ${token}` }
const taken: number[] = []
while (taken.length < times) {
  const began = performance.now()
  const answer = await fetch(url, { headers })
  await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} from ${url}`)
  taken.push(performance.now() - began)
  await new Promise((resolve) => setTimeout(resolve, pause))
}
parentPort?.postMessage(taken)
