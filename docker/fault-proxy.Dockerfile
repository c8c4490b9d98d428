# kanit's own fault engine, in the place of Toxiproxy. Its control API listens on loopback; the doorway opens it.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /kanit
COPY package*.json docker/keep-dependencies.cjs docker/install-dependencies.sh ./
RUN sh install-dependencies.sh

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODE_NO_WARNINGS=1
WORKDIR /kanit
COPY docker/http-ok.sh /usr/local/bin/http-ok.sh
COPY --from=dependencies /kanit/package.json ./
COPY --from=dependencies /kanit/node_modules ./node_modules
COPY core ./core
COPY venues ./venues
COPY network ./network
COPY chaos ./chaos
USER node
EXPOSE 8474
HEALTHCHECK --interval=2s --timeout=2s --retries=15 CMD ["http-ok.sh", "8475", "/version"]
ENTRYPOINT ["node", "chaos/proxy/main.ts", "--port", "8475"]
