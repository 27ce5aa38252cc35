import { afterAll } from 'vitest'
import { killLeftOver } from './dayfold.ts'

// Of each file: what a failed test has left must not work on under the next.
afterAll(killLeftOver)
