import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const entry = (name: string): string => resolve(import.meta.dirname, `src/entries/${name}.ts`)

export default defineConfig({
  root: import.meta.dirname,
  base: '/static/build/',
  build: {
    outDir: resolve(import.meta.dirname, '../server/duthao/web/static/build'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Nothing is inlined: the pages' content security policy allows files of our own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { room: entry('room'), comparison: entry('comparison'), history: entry('history'), version: entry('version'), import: entry('import'), opinions: entry('opinions'), form: entry('form'), answer: entry('answer'), common: entry('common') },
      external: [/^\/static\/build\/fonts\//],
    },
  },
})
