# The platform under test: Spark, or, with PLATFORM_IMAGE, the image of another one, as it is.
ARG PLATFORM_IMAGE=spark

FROM node:24-bookworm-slim AS dependencies
WORKDIR /kanit
COPY package*.json docker/keep-dependencies.cjs docker/install-dependencies.sh ./
RUN sh install-dependencies.sh

FROM node:24-bookworm-slim AS spark
ENV NODE_ENV=production NODE_NO_WARNINGS=1
WORKDIR /kanit
COPY docker/http-ok.sh /usr/local/bin/http-ok.sh
COPY --from=dependencies /kanit/package.json ./
COPY --from=dependencies /kanit/node_modules ./node_modules
WORKDIR /kanit/platform
COPY platform ./
USER node
EXPOSE 8080
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["http-ok.sh", "8080", "/api/healthz"]
# Migrating is quick when nothing is to be done, and safe when two do it.
CMD ["sh", "-c", "node migrate.ts && exec node main.ts"]

# hadolint ignore=DL3006
FROM ${PLATFORM_IMAGE}
