import { afterAll } from 'vitest'
import { killLeftOver } from './dayfold.ts'

// Runs after each test file: processes that a failed test has left must not disturb the next.
afterAll(killLeftOver)
