import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

// `vite build --config dist/tools/page.config.js` writes the page to dist/page; `vite --config …` serves it with changes
// as they are made, with the data of the collector at PINPOINT_URL.
// biome-ignore lint/style/noDefaultExport: Vite reads the default export
export default defineConfig({
  root: root('src/http/web'),
  // relative addresses: the page also works behind a prefix of a proxy
  base: './',
  build: {
    outDir: root('dist/page'),
    emptyOutDir: true,
    target: 'es2022',
    // the content security policy allows no data: addresses
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  server: {
    proxy: { '^/(.*\\.pinpoint|debug/.*)': process.env.PINPOINT_URL ?? 'http://127.0.0.1:28080' },
  },
})
