import { readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Where the build puts the page: beside the compiled sources. */
const PAGE_DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), '../../page')

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Names of files in assets/ change with their content. */
const FOREVER = 'private, max-age=31536000, immutable'

interface PageFile {
  type: string
  plain: Buffer
  gzip: Buffer
}

/**
 * The page at / with all its files, a third of a megabyte, from memory: what is asked for is looked up, never opened, so
 * that no path leads anywhere else.
 */
export async function addPage(server: FastifyInstance, directory: string = PAGE_DIRECTORY): Promise<void> {
  const files = await readPage(directory)
  for (const [path, file] of files) {
    const kept = path.startsWith('assets/')
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<Buffer> => {
      const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      reply.type(file.type).header('vary', 'accept-encoding')
      if (kept) reply.header('cache-control', FOREVER)
      if (zipped) reply.header('content-encoding', 'gzip')
      return zipped ? file.gzip : file.plain
    }
    server.get(path === 'index.html' ? '/' : `/${path}`, answer)
  }
}

async function readPage(directory: string): Promise<Map<string, PageFile>> {
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    const plain = readFileSync(file)
    const path = file.slice(directory.length + 1).replaceAll('\\', '/')
    files.set(path, { type, plain, gzip: await promisify(gzip)(plain) })
  }
  return files
}
