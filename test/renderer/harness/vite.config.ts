import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: resolve(import.meta.dirname, '../../../src/renderer'),
  base: './',
  plugins: [react()],
  build: { outDir: '/tmp/warmwire-renderer', emptyOutDir: true, target: 'chrome130', reportCompressedSize: true },
});
