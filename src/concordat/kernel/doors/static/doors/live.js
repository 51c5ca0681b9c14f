// Keeps a part of a page as it is now: fetches the same page every ten seconds and puts the new part in
// place of the old. Without this script the link beside it does so. It says what changed in a few
// words, not the whole part; it waits while the page is hidden or the keyboard is in the part, and
// stops by itself after half an hour in which nobody touched the page.
const EVERY = 10_000
const LEFT_ALONE = 30 * 60_000

function keep(place) {
  const button = place.querySelector('button')
  const status = place.querySelector('[role=status]')
  let paused = false
  let touched = Date.now()

  const part = (root) => root.getElementById(place.dataset.live)
  const told = (root) => part(root).querySelector('[data-live-told]')?.textContent ?? ''
  const tell = (text) => {
    if (status.textContent !== text) status.textContent = text
  }
  const pause = (yes, text) => {
    paused = yes
    button.textContent = paused ? 'Resume updates' : 'Pause updates'
    tell(text)
  }

  async function update() {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' })
    if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`)
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const old = part(document)
    if (!part(fresh)) throw new Error('answered another page')
    if (paused || old.contains(document.activeElement) || old.innerHTML === part(fresh).innerHTML) return
    const before = told(document)
    const across = old.querySelector('.doors-scroll')?.scrollLeft ?? 0
    old.replaceChildren(...document.importNode(part(fresh), true).childNodes)
    old.querySelector('.doors-scroll')?.scrollTo({ left: across })
    tell(told(document) === before ? '' : told(document))
  }

  async function turn() {
    if (!paused && Date.now() - touched > LEFT_ALONE) pause(true, 'Updates are paused.')
    if (!paused && !document.hidden) {
      try {
        await update()
      } catch {
        pause(true, 'Updates have stopped. Refresh the page.')
      }
    }
    setTimeout(turn, EVERY)
  }

  button.addEventListener('click', () =>
    pause(!paused, paused ? 'The list is updated every 10 seconds.' : 'Updates are paused.')
  )
  for (const kind of ['pointerdown', 'keydown']) {
    document.addEventListener(kind, () => (touched = Date.now()))
  }
  button.hidden = false
  setTimeout(turn, EVERY)
}

document.querySelectorAll('[data-live]').forEach(keep)
