import js from '@eslint/js'
import jsdoc from 'eslint-plugin-jsdoc'
import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'cdk.out',
      'build',
      'dist',
      'bench/out',
      '.dayfold',
      'tutorial',
      'test/fixtures/type-errors',
      // AssemblyScript, which its own compiler checks.
      'processing/**/assembly',
      // A project of its own, whose packages are not installed here.
      'examples',
      '*.config.js',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    // Where raw text is matched: what takes more than linear time stalls a job on one hostile record.
    files: ['processing/**/*.ts', 'core/**/*.ts', 'client/**/*.ts', 'lambda/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // Each exported symbol has a sentence, and a sentence is a statement.
    ignores: ['**/test/**', 'bench/**', 'samples/**', 'architecture/**'],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          enableFixer: false,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
        },
      ],
      'jsdoc/match-description': [
        'error',
        {
          matchDescription: '^(?!(?:What|Who|Whether)\\b)[^]*',
          message: 'expected a statement, found one that begins with What, Who or Whether: name the subject',
          contexts: ['any'],
        },
      ],
    },
  },
)
