import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = `http://127.0.0.1:${process.env['WINDLASS_PORT'] ?? '4700'}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: { target: 'es2022', chunkSizeWarningLimit: 900 },
  server: {
    host: '127.0.0.1',
    // The origin is the web server's own while developing; the API checks it against the host that it sees.
    proxy: {
      '/trpc': { target: server, changeOrigin: true, headers: { origin: server } },
      '/open': { target: server, changeOrigin: true },
    },
  },
});
