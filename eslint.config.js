import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** A rejected promise that nobody sees is the fault that ends a real-time service, so these are the heart of the gate. */
const promiseRules = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/require-await': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
};

const typeRules = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error', // verbatimModuleSyntax would keep the empty import
  '@typescript-eslint/no-non-null-assertion': 'off', // onlyAnIndexIsAsserted
  '@typescript-eslint/no-unnecessary-condition': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-extraneous-class': 'off', // a Nest module is an empty class
};

const sizeRules = {
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
};

/** `samples[i]!` says that an index is in range, which the compiler cannot know; any other `!` hides a missing case. */
const onlyAnIndexIsAsserted = {
  selector: 'TSNonNullExpression:not([expression.type="MemberExpression"][expression.computed=true])',
  message: 'Handle undefined: only an index that is in range may be asserted.',
};
const onlyConfigReadsTheEnvironment = [
  'MemberExpression[object.name="process"][property.name="env"]',
  'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
].map((selector) => ({ selector, message: 'Only src/config reads process.env; inject the parsed config.' }));

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'dist-sandbox/',
    'dist-tools/',
    'dist-replay/',
    'coverage/',
    'data/',
    'libs/audio/assembly/',
    'test/architecture/planted/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  eslint.configs.recommended,
  { rules: { 'no-console': 'error', eqeqeq: 'error', ...sizeRules } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...promiseRules, ...typeRules, 'no-restricted-syntax': ['error', onlyAnIndexIsAsserted] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/**'],
    rules: { 'no-restricted-syntax': ['error', onlyAnIndexIsAsserted, ...onlyConfigReadsTheEnvironment] },
  },
  { files: ['**/*.spec.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.spec.ts', '**/*.spec-kit.ts', 'test/**/*.ts'],
    rules: {
      'no-restricted-syntax': 'off', // a test that meets null has failed, and says where
      '@typescript-eslint/no-unsafe-assignment': 'off', // supertest's body is `any`, and expect() is its check
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off', // expect(port.method) calls nothing
    },
  },
  { files: ['libs/sandbox/**', 'scripts/**', 'test/bench/**', 'test/faults/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: globals.node } },
);
