# syntax=docker/dockerfile:1
ARG NODE_IMAGE=node:20.20.2-slim

FROM ${NODE_IMAGE} AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci

FROM deps AS build
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY src src
COPY libs/audio libs/audio
COPY libs/client libs/client
COPY libs/protocol libs/protocol
COPY libs/ws-fast-path libs/ws-fast-path
COPY web web
COPY scripts/build-page.ts scripts/page.ts scripts/build-wasm.ts scripts/bundle.ts scripts/
RUN npm run build

FROM ${NODE_IMAGE} AS runtime
LABEL org.opencontainers.image.title="Roomscribe" \
      org.opencontainers.image.description="Live transcription of LiveKit rooms, on the server" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production PORT=3001
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs its install script here, and one of them reports to its maker.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY --from=build /app/dist dist
COPY --from=build /app/web/dist web/dist
COPY LICENSE ./
# SQLite's place, where no DATABASE_URL says otherwise.
RUN mkdir data && chown 1000:1000 data
VOLUME /app/data
# By number, so that Kubernetes can see that it is not root.
USER 1000
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1 and handles SIGTERM itself: the service drains, then exits.
CMD ["node", "dist/main.js"]
