import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** Where the build puts the page: dist/page. */
const PAGE_DIRECTORY = fileURLToPath(new URL('../../page', import.meta.url))

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** Names of the build's assets have a hash of their content, so they never change. */
const FOREVER = 'public, max-age=31536000, immutable'

/** Serves the built page: all its files are in memory, so that no path can lead to another. @returns false when there is none */
export function addPage(server: FastifyInstance, directory = PAGE_DIRECTORY): boolean {
  const files = filesOf(directory)
  if (!files.includes('index.html')) return false
  for (const file of files) {
    const content = readFileSync(join(directory, file))
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    const packed = type.startsWith('image/png') || type.startsWith('font/') ? content : gzipSync(content, { level: 9 })
    const url = file === 'index.html' ? '/' : `/${file.split(sep).join('/')}`
    server.get(url, async (request, reply) => {
      if (file.startsWith('assets')) reply.header('cache-control', FOREVER)
      reply.type(type).header('vary', 'accept-encoding')
      if (packed === content || !/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(content)
      return reply.header('content-encoding', 'gzip').send(packed)
    })
  }
  return true
}

function filesOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(join(directory, sep).length))
  } catch {
    return []
  }
}
