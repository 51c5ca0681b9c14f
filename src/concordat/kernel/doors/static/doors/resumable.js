// Sends the file of a form piece by piece by the tus protocol, and goes on after a cut, also when the
// same file is chosen again later. Without this script the form sends the file by itself.
const PIECE = 8 * 1024 * 1024
const TRIES = 8

const place = document.querySelector('[data-resumable]')
const form = place?.parentElement.querySelector('form')
const input = form?.querySelector('input[type=file]')

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000))

class Refused extends Error {}

async function ask(method, address, headers = {}, body = undefined) {
  const answer = await fetch(address, {
    method,
    body,
    headers: {
      'Tus-Resumable': '1.0.0',
      Accept: 'application/json',
      'X-CSRFToken': form.elements.csrfmiddlewaretoken.value,
      ...headers
    }
  })
  if (answer.ok) return answer
  if (answer.status === 409 || answer.status === 429 || answer.status >= 500) {
    await pause(Number(answer.headers.get('Retry-After') ?? 0))
    throw new Error(`answered ${answer.status}`) // worth another try
  }
  const problem = await answer.json().catch(() => ({}))
  throw new Refused(problem.errors?.[0]?.message ?? problem.detail ?? 'The file was not taken.')
}

// Where an upload of this file was begun before, if it is still there.
async function begun(key) {
  const address = localStorage.getItem(key)
  if (!address) return null
  try {
    await ask('HEAD', address)
    return address
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    localStorage.removeItem(key)
    return null
  }
}

async function begin(file) {
  const told = `filename ${base64(file.name)}`
  const headers = { 'Upload-Length': String(file.size), 'Upload-Metadata': told }
  return (await ask('POST', place.dataset.resumable, headers)).headers.get('Location')
}

async function send(file, tell) {
  const key = `resumable ${place.dataset.resumable} ${file.name} ${file.size} ${file.lastModified}`
  let address = null
  let tries = 0
  while (true) {
    try {
      if (address === null) {
        address = (await begun(key)) ?? (await begin(file))
        localStorage.setItem(key, address)
      }
      let offset = Number((await ask('HEAD', address)).headers.get('Upload-Offset'))
      while (offset < file.size) {
        tell(offset)
        const piece = file.slice(offset, offset + PIECE)
        const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) }
        offset = Number((await ask('PATCH', address, headers, piece)).headers.get('Upload-Offset'))
        tries = 0
      }
      localStorage.removeItem(key)
      return address.replace('/resumable/', '/')
    } catch (error) {
      if (error instanceof Refused) localStorage.removeItem(key)
      if (error instanceof Refused || ++tries > TRIES) throw error
      await pause(Math.min(30, 2 ** tries / 2))
    }
  }
}

function shown(parts) {
  const [words, bar] = parts
  return (file) => (sent) => {
    const percent = Math.floor((sent * 100) / file.size)
    bar.value = percent
    if (percent % 10 === 0) words.textContent = `${percent}% of ${file.name} is there`
  }
}

if (input) {
  const words = place.querySelector('[role=status]')
  const bar = place.querySelector('progress')
  const tell = shown([words, bar])
  let busy = false
  form.addEventListener('submit', async (event) => {
    const file = input.files[0]
    if (!file || file.size === 0) return // the form says what is missing
    event.preventDefault()
    if (busy) return
    busy = true
    place.hidden = bar.hidden = false
    try {
      window.location.assign(await send(file, tell(file)))
    } catch (error) {
      bar.hidden = true
      words.textContent = error instanceof Refused
        ? error.message
        : 'The connection was lost. What came is kept for a week: send the same file again to go on.'
      busy = false
    }
  })
}
