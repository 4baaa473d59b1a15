# The collector: compiled sources, idl and production dependencies on Node.js; no compiler, no tests.
#
#   docker build -t pinpoint-collector .
#   docker run --read-only --tmpfs /tmp -v pinpoint:/var/lib/pinpoint-collector \
#     -p 29994:29994/tcp -p 29995:29995/udp -p 29996:29996/udp -p 127.0.0.1:28080:28080 pinpoint-collector
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY idl ./idl
COPY src ./src
COPY tools ./tools
RUN npm run build && find dist -name '*.map' -delete

# No install scripts: lmdb has its binary in a package of its own, and the line below fails when it cannot be loaded.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts \
 && node -e "import('lmdb').then(({ open }) => open({ path: '/tmp/probe' }).close())" \
 && find node_modules -type f \( -name '*.map' -o -name '*.md' -o -name '*.ts' -o -name '*.cts' -o -name '*.mts' \) -delete

FROM ${NODE_IMAGE}
WORKDIR /opt/pinpoint-collector
COPY --from=dependencies /build/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
COPY idl ./idl
COPY --from=build /build/dist/src ./dist/src
RUN ln -s /opt/pinpoint-collector/bin/pinpoint-collector /usr/local/bin/pinpoint-collector \
 && install -d -o 1000 -g 1000 -m 700 /var/lib/pinpoint-collector

ENV NODE_ENV=production \
    PINPOINT_DATA_DIR=/var/lib/pinpoint-collector \
    PINPOINT_HTTP_HOST=0.0.0.0
USER 1000:1000
VOLUME /var/lib/pinpoint-collector
EXPOSE 29994/tcp 29995/udp 29996/udp 28080/tcp

# Ready: the store takes rows and all workers run. Nothing is to be restarted because it is not.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "\
fetch(`http://127.0.0.1:${process.env.PINPOINT_HTTP_PORT || 28080}/health/ready`)\
.then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# SIGTERM goes to node itself, which writes what it has and ends.
ENTRYPOINT ["node", "/opt/pinpoint-collector/bin/pinpoint-collector"]
CMD ["start"]
