// Makes the GOV.UK components come alive. Every page works without it.
import { initAll } from './govuk-frontend.min.js'
initAll()
