// Before the page is drawn: say that scripts run, as GOV.UK Frontend's own layout does inline.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
