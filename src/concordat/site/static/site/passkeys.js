// A security key or passkey needs a script: this shows its button and hands its form to the library's.
document.addEventListener('allauth.error', function (event) {
  event.preventDefault()
  const said = event.detail.exception
  const place = document.querySelector('[data-passkey-problem]')
  const words = document.createElement('p')
  words.className = 'govuk-error-message'
  words.textContent = said && said.name === 'NotAllowedError'
    ? 'Nothing was chosen, or it took too long. Try again.'
    : 'That security key or passkey could not be used. Try again, or choose another way.'
  place.replaceChildren(words)
})
document.querySelectorAll('[data-passkey]').forEach(function (form) {
  form.querySelector('[data-passkey-part]').hidden = false
  window.allauth.webauthn.forms[form.dataset.passkey]({
    ids: JSON.parse(form.dataset.ids),
    data: form.dataset.options ? JSON.parse(form.dataset.options) : undefined
  })
})
