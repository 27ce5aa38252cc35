import fc from 'fast-check'

// That a property fails is enough: no smaller example is sought.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true })
