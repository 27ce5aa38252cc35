export { authorizedJobs, authorizedLambda } from './machine-access.ts'
export { newCredentials, type Credentials } from './credentials.ts'
export { openStackAccess, type StackAccess } from './stack-access.ts'
