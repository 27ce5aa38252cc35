export { authorizedJobs, authorizedLambda } from './machine-access.ts'
export { MACHINE_CALLER, openStackAccess, type StackAccess } from './stack-access.ts'
