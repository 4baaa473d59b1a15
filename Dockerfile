# The collector, web and broker: Node.js, the libraries it needs, compiled sources and production dependencies. Nothing
# else is in the image: no shell, no package manager, no compiler, no tests.
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
RUN npm run build && rm -rf dist/tools && find dist -name '*.map' -delete

# No install scripts: lmdb and koffi have their binaries in packages of their own, and the lines below fail when they cannot be loaded.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts \
 && node -e "import('lmdb').then(({ open }) => open({ path: '/tmp/probe' }).close())" \
 && node -e "import('koffi').then(({ load }) => load(null).func('int getpid()')())" \
 && find node_modules -type f \( -name '*.map' -o -name '*.md' -o -name '*.ts' -o -name '*.cts' -o -name '*.mts' \) -delete

# The root of the image: node and env (of "#!/usr/bin/env node") with the libraries that ldd names for them, lmdb and koffi,
# the order in which names are looked up (/etc/hosts first), the user, and a /tmp for everybody, whose mode a tmpfs takes over.
FROM dependencies AS root
RUN install -d /root-of-image/etc && install -d -m 1777 /root-of-image/tmp \
 && cp -L --parents /usr/local/bin/node /usr/bin/env /root-of-image/ \
 && ldd /usr/local/bin/node /usr/bin/env node_modules/@lmdb/*/*.glibc.node node_modules/@koromix/*/linux_*/koffi.node | grep -o '/[^ ]*\.so[^ ]*' | sort -u | xargs -I{} cp -L --parents {} /root-of-image/ \
 && echo 'hosts: files dns' > /root-of-image/etc/nsswitch.conf \
 && echo 'node:x:1000:1000::/tmp:/none' > /root-of-image/etc/passwd \
 && echo 'node:x:1000:' > /root-of-image/etc/group \
 && ln -s /opt/pinpoint-collector/bin/pinpoint-collector /root-of-image/usr/local/bin/pinpoint-collector \
 && install -d -o 1000 -g 1000 -m 700 /data

FROM scratch
COPY --from=root /root-of-image /
COPY --from=root --chown=1000:1000 /data /var/lib/pinpoint-collector
COPY --from=dependencies /build/node_modules /opt/pinpoint-collector/node_modules
COPY package.json LICENSE /opt/pinpoint-collector/
COPY bin /opt/pinpoint-collector/bin
COPY idl /opt/pinpoint-collector/idl
COPY --from=build /build/dist /opt/pinpoint-collector/dist

ENV PATH=/usr/local/bin:/usr/bin \
    NODE_ENV=production \
    PINPOINT_DATA_DIR=/var/lib/pinpoint-collector \
    PINPOINT_HTTP_HOST=0.0.0.0
WORKDIR /opt/pinpoint-collector
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
