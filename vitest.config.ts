import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'local-aws/test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1' },
  },
})
